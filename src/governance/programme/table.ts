import type { ClauseState, GroupState } from './plan.ts';

export type Language = 'zh' | 'en';

/** East Asian Wide and Fullwidth (Unicode Standard Annex 11), as far as plans and names use them, and emoji. */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u;
const COLUMNS_MIN = 48;
const INDENT = 2;

/** Columns that a text takes on a terminal. */
export const widthOf = (text: string): number =>
  [...text].reduce((sum, char) => sum + (/\p{Mn}/u.test(char) ? 0 : WIDE.test(char) ? 2 : 1), 0);

export const padTo = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - widthOf(text)));

/** Breaks a text into lines of at most so many columns: between words, and anywhere between Chinese characters. */
export const wrap = (text: string, columns: number): string[] => {
  const pieces = text.match(
    /\s+|[^\s\u2E80-\uA4CF\uF900-\uFAFF\uFF01-\uFF60]+[，。、；：）”]*|./gu,
  ) ?? [''];
  const lines = [''];
  for (const piece of pieces) {
    const line = lines.at(-1)!;
    if (widthOf(line) + widthOf(piece) <= columns) lines[lines.length - 1] = line + piece;
    else if (piece.trim() !== '') lines.push(piece);
  }
  return lines.map((line) => line.trimEnd());
};

const STATES: Readonly<Record<Language, Readonly<Record<ClauseState, string>>>> = {
  zh: { nothing: '未开始', part: '部分', works: '可用' },
  en: { nothing: 'nothing', part: 'part', works: 'works' },
};
const PILOT = { zh: '试点', en: 'pilot' } as const;

/** The plan as a text table, one row a clause, for a terminal of so many columns. */
export const renderPlan = (
  groups: readonly GroupState[],
  { language, columns }: { readonly language: Language; readonly columns: number },
): string => {
  const states = STATES[language];
  const rows = groups.flatMap((group) => group.rows);
  const idWidth = Math.max(...rows.map((row) => widthOf(row.id)), 0) + 2;
  const stateWidth = Math.max(...Object.values(states).map(widthOf)) + 2;
  const titleWidth = Math.max(COLUMNS_MIN, columns) - INDENT - idWidth - stateWidth;
  const margin = ' '.repeat(INDENT);
  const lines = groups.flatMap((group) => [
    `${group.id === group.part ? '' : `${group.id} `}${group.title[language]}${group.pilot ? ` (${PILOT[language]})` : ''}  ${group.works}/${group.of}`,
    ...group.rows.flatMap((row) => {
      const by = row.modules.length > 0 ? ` [${row.modules.join(', ')}]` : '';
      return wrap(row.title[language] + by, titleWidth).map((line, i) =>
        i === 0
          ? `${margin}${padTo(row.id, idWidth)}${padTo(states[row.state], stateWidth)}${line}`
          : `${margin}${' '.repeat(idWidth + stateWidth)}${line}`,
      );
    }),
    '',
  ]);
  const works = groups.reduce((sum, group) => sum + group.works, 0);
  const part = rows.filter((row) => row.state === 'part').length;
  const total =
    language === 'zh'
      ? `${rows.length} 项中：${works} 项可用，${part} 项部分实现。`
      : `Of ${rows.length}: ${works} work, ${part} in part.`;
  return [...lines, total].join('\n');
};
