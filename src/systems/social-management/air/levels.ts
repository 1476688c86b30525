import type { Words } from '#kernel/module';

/** HJ 633-2012: the six levels, their names and the colours (RGB) in which they are to be shown. */
export type AirLevel = {
  readonly level: 1 | 2 | 3 | 4 | 5 | 6;
  readonly upTo: number;
  readonly name: Words;
  readonly colour: string;
};

export const AIR_LEVELS: readonly AirLevel[] = [
  { level: 1, upTo: 50, name: { zh: '优', en: 'Excellent' }, colour: '#00E400' },
  { level: 2, upTo: 100, name: { zh: '良', en: 'Good' }, colour: '#FFFF00' },
  { level: 3, upTo: 150, name: { zh: '轻度污染', en: 'Lightly polluted' }, colour: '#FF7E00' },
  { level: 4, upTo: 200, name: { zh: '中度污染', en: 'Moderately polluted' }, colour: '#FF0000' },
  { level: 5, upTo: 300, name: { zh: '重度污染', en: 'Heavily polluted' }, colour: '#99004C' },
  {
    level: 6,
    upTo: Infinity,
    name: { zh: '严重污染', en: 'Severely polluted' },
    colour: '#7E0023',
  },
];

/** The level of an index: the first whose upper end reaches it. */
export const airLevel = (index: number): AirLevel =>
  AIR_LEVELS.find((level) => index <= level.upTo) ?? AIR_LEVELS[5]!;
