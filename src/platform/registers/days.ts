/** A calendar day as `YYYY-MM-DD`: text that compares in order. */
export type Day = string;

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAY_MS = 86_400_000;

const utc = (day: Day) => Date.parse(`${day}T00:00:00Z`);

/** Whether the text is a day that exists (no February 30). */
export const isDay = (text: string): boolean =>
  DAY.test(text) && !Number.isNaN(utc(text)) && new Date(utc(text)).toISOString().startsWith(text);

export const plusDays = (day: Day, days: number): Day =>
  new Date(utc(day) + days * DAY_MS).toISOString().slice(0, 10);

/** ISO 8601 weekday: 1 Monday … 7 Sunday. */
export const weekdayOf = (day: Day): number => new Date(utc(day)).getUTCDay() || 7;

/** The day on which something dated with reduced precision begins: `2019` is 2019-01-01. */
const firstDayOf = (date: string): Day => `${date}-01-01`.slice(0, 10);

/** Whether something dated is in force on a day. Its last day is the one before `validTo`. */
export const inForce = (
  dated: { readonly validFrom?: string; readonly validTo?: string },
  on: Day,
): boolean =>
  (dated.validFrom === undefined || firstDayOf(dated.validFrom) <= on) &&
  (dated.validTo === undefined || on < firstDayOf(dated.validTo));

/** Every day from one to another, both included. */
export const daysBetween = (from: Day, to: Day): Day[] => {
  const days = [from];
  for (let day = from; day < to; days.push((day = plusDays(day, 1))));
  return days;
};
