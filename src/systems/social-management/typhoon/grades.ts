import type { Words } from '#kernel/module';

/** GB/T 19201-2006, table 1. */
export type Grade = {
  readonly code: 'TD' | 'TS' | 'STS' | 'TY' | 'STY' | 'SuperTY';
  readonly name: Words;
  /** Least wind near the centre, m/s to one decimal. */
  readonly fromMs: number;
};

/** From the strongest down. */
const GRADES: readonly Grade[] = [
  { code: 'SuperTY', name: { zh: '超强台风', en: 'Super typhoon' }, fromMs: 51 },
  { code: 'STY', name: { zh: '强台风', en: 'Severe typhoon' }, fromMs: 41.5 },
  { code: 'TY', name: { zh: '台风', en: 'Typhoon' }, fromMs: 32.7 },
  { code: 'STS', name: { zh: '强热带风暴', en: 'Severe tropical storm' }, fromMs: 24.5 },
  { code: 'TS', name: { zh: '热带风暴', en: 'Tropical storm' }, fromMs: 17.2 },
  { code: 'TD', name: { zh: '热带低压', en: 'Tropical depression' }, fromMs: 10.8 },
];

/**
 * The grade of a tropical cyclone by its greatest mean wind near the centre in m/s; undefined below 10.8 m/s, which is no
 * tropical cyclone by this standard. The standard means 2-minute averages. JTWC gives 1-minute averages, which are a
 * little higher and are graded here as they are: a grade from such a track may be one step above the official one.
 */
export const gradeOf = (windMs: number): Grade | undefined => {
  const tenths = Math.round(windMs * 10) / 10; // the table has one decimal and no gaps between its rows
  return GRADES.find((grade) => tenths >= grade.fromMs);
};
