import { Refusal } from '#kernel/errors';
import { parseDurationMs, toInstant } from '#kernel/time';
import type { Bind } from '../query/bind.ts';

/** Periods in one answer, over all attributes. */
export const PERIODS_MAX = 10_000;

export const refusePeriods = (): never => {
  throw new Refusal(
    'too-large',
    `That makes more than ${PERIODS_MAX} periods; ask for longer ones or a shorter time.`,
    { results: true },
  );
};

/** A thousand years. */
const LENGTH_MS_MAX = 365_000 * 86_400_000;

/** The length of a period (clause 4.5.19.1): months are those of the calendar, all else has a fixed length. */
export type Period = { readonly months: number; /** Besides the months. */ readonly ms: number };

const CALENDAR = /^P(?:(\d+)Y)?(?:(\d+)M)?/;
const COMBINED = /^P\d+W./;

/** Throws Refusal('invalid'). */
export const parsePeriod = (text: string): Period => {
  const length = COMBINED.test(text) ? undefined : parseDurationMs(text);
  if (length === undefined || length > LENGTH_MS_MAX || !Number.isInteger(length))
    throw new Refusal(
      'invalid',
      'aggrPeriodDuration is an ISO 8601 duration such as PT1H, P1M or P1W (clause 4.5.19.1).',
    );
  const [calendar = '', years = 0, months = 0] = CALENDAR.exec(text) ?? [];
  return {
    months: Number(years) * 12 + Number(months),
    ms: length - (parseDurationMs(calendar === 'P' ? 'P0D' : calendar) ?? 0),
  };
};

const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();

/** So many months later, on the last day where the month is too short. */
const addMonths = (at: Date, months: number): Date => {
  const month = at.getUTCMonth() + months;
  const [year, inYear] = [at.getUTCFullYear() + Math.floor(month / 12), ((month % 12) + 12) % 12];
  const moved = new Date(at);
  moved.setUTCFullYear(year, inYear, Math.min(at.getUTCDate(), daysIn(year, inYear)));
  return moved;
};

/** When periods of the calendar begin, from `first` to beyond `last`. Throws Refusal('too-large'). */
const startsOf = ({ months, ms }: Period, first: string, last: string): string[] => {
  const begin = new Date(first);
  const end = new Date(last).getTime();
  const starts: string[] = [];
  for (let count = 0; ; count++) {
    const at = addMonths(begin, count * months).getTime() + count * ms;
    starts.push(toInstant(at));
    if (at > end) return starts;
    if (count > PERIODS_MAX) refusePeriods();
  }
};

export type Span = { readonly first: string; readonly last: string };

/** When the period of `k.time` begins, in SQL; and when one that begins then ends. */
export const periodsOf = (period: Period, { first, last }: Span, bind: Bind) => {
  const { months, ms } = period;
  if (months > 0) {
    const starts = startsOf(period, first, last);
    const next = new Map(starts.map((start, i) => [Date.parse(start), starts[i + 1]]));
    const bound = `${bind(starts)}::timestamptz[]`;
    return {
      start: `(${bound})[width_bucket(k.time, ${bound})]`,
      endOf: (start: number) => Date.parse(next.get(start)!),
    };
  }
  const begin = `${bind(first)}::timestamptz`;
  return ms === 0
    ? { start: begin, endOf: () => Date.parse(last) }
    : {
        start: `date_bin(${bind(ms)}::float8 * interval '1 millisecond', k.time, ${begin})`,
        endOf: (start: number) => start + ms,
      };
};

const DAY_MS = 86_400_000;
const two = (part: number): string => (part < 10 ? `0${part}` : String(part));
const three = (part: number): string => String(part).padStart(3, '0');

/** An instant as it is mostly written: without a fraction where that is nought. Neighbours share their day and a bound. */
export const openSpelling = () => {
  let [day, date] = [Number.NaN, ''];
  let [known, text] = [Number.NaN, ''];
  return (ms: number): string => {
    if (ms === known) return text;
    const here = Math.floor(ms / DAY_MS);
    if (here !== day)
      [day, date] = [here, toInstant(here * DAY_MS).slice(0, -'00:00:00.000Z'.length)];
    const within = ms - here * DAY_MS;
    const seconds = Math.floor(within / 1000);
    const clock = `${date}${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    [known, text] = [ms, within % 1000 === 0 ? `${clock}Z` : `${clock}.${three(within % 1000)}Z`];
    return text;
  };
};
