/** The bundled face that has every Chinese character, fetched in small pieces by unicode-range. */
export const BUNDLED_FACE = 'Noto Sans SC Variable';

/** System faces first, so that the first paint waits for nothing; the bundled face where there is none. */
export const FONT_STACK = [
  '-apple-system',
  'BlinkMacSystemFont',
  '"Segoe UI"',
  '"PingFang SC"',
  '"Hiragino Sans GB"',
  '"Microsoft YaHei"',
  '"Noto Sans CJK SC"',
  '"Source Han Sans SC"',
  '"Noto Sans SC"',
  `"${BUNDLED_FACE}"`,
  'sans-serif',
].join(', ');

export const CODE_STACK =
  'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace';

/** Declares the bundled face (100 kB of CSS). Call after the first paint, or before drawing a map. */
export async function declareBundledFace(): Promise<void> {
  await import('@fontsource-variable/noto-sans-sc/index.css');
}

/** Fetches the pieces of the bundled face that `text` needs; a map can only draw what is loaded. */
export async function loadFaceFor(text: string): Promise<void> {
  await declareBundledFace();
  await document.fonts.load(`16px "${BUNDLED_FACE}"`, text || ' ');
}
