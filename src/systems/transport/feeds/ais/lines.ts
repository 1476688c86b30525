import { LINE_CHARS_MAX } from './sentence.ts';

/**
 * Cuts a byte stream into lines. A line that never ends is handed on once it is longer than any sentence, to be counted as
 * malformed, and its rest is dropped up to the next line break.
 */
export const openLines = (take: (line: string) => void) => {
  let rest = '';
  let dropping = false;
  return (bytes: Uint8Array) => {
    const parts = (rest + Buffer.from(bytes).toString('latin1')).split(/\r?\n|\r/);
    rest = parts.pop()!;
    for (const line of parts) {
      if (dropping) dropping = false;
      else if (line.trim()) take(line);
    }
    if (rest.length <= LINE_CHARS_MAX) return;
    if (!dropping) take(rest);
    dropping = true;
    rest = '';
  };
};
