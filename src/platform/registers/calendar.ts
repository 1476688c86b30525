import { Refusal } from '#kernel/errors';
import type { CalendarRules, CalendarYear } from './calendar-files.ts';
import { type Day, daysBetween, isDay, plusDays, weekdayOf } from './days.ts';
import { openZone } from './zone.ts';

/** `official` is false where the year's notice is not in the calendar: weekends and fixed days off are all that is known. */
export type CalendarDay = {
  readonly day: Day;
  readonly working: boolean;
  readonly official: boolean;
  readonly name?: { readonly zh: string; readonly en: string };
};

/** A moment computed over working days, and whether every one of them was announced. Unofficial ones may still move. */
export type Deadline = { readonly at: Date; readonly official: boolean };

/** Long enough for any statutory period; a longer one is a fault of whoever asks. */
const SEARCH_DAYS_MAX = 3_660;

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/**
 * The working calendar of a city: its weekends, the days off and the worked weekend days as announced each year, and
 * the working hours of a body (`body` looks them up, else the default holds). Pure: no clock, no files.
 */
export const openCalendar = (
  given: {
    readonly rules: CalendarRules;
    readonly years: readonly CalendarYear[];
    readonly timeZone: string;
  },
  body?: string,
) => {
  const { rules, years } = given;
  const zone = openZone(given.timeZone);
  const official = new Set(years.map((y) => y.year));
  const worked = new Set(years.flatMap((y) => y.workedWeekendDays));
  const off = new Map(
    years.flatMap((y) =>
      y.daysOff.flatMap((h) => daysBetween(h.from, h.to).map((day) => [day, h.name])),
    ),
  );
  const fixed = new Map(rules.fixedDaysOff.map((f) => [f.day, f.name]));
  const hours = ((body && rules.workingHoursOf[body]) || rules.workingHours).map((h) => ({
    from: minutesOf(h.from),
    to: minutesOf(h.to),
  }));
  const closing = hours.at(-1)!.to;
  const perDay = hours.reduce((sum, h) => sum + h.to - h.from, 0);

  /** What a day is. Throws Refusal('invalid') where the text is no day. */
  const dayOf = (day: Day): CalendarDay => {
    if (!isDay(day)) throw new Refusal('invalid', `${day} is no day of the calendar.`, { day });
    const known = official.has(Number(day.slice(0, 4)));
    const name = off.get(day) ?? (known ? undefined : fixed.get(day.slice(5)));
    const weekend = rules.weekend.includes(weekdayOf(day));
    return {
      day,
      working: worked.has(day) || (!weekend && name === undefined),
      official: known,
      ...(name && { name }),
    };
  };

  /** Working minutes of a day between two minutes of it. */
  const minutesWithin = (day: Day, from: number, to: number): number =>
    dayOf(day).working
      ? hours.reduce((sum, h) => sum + Math.max(0, Math.min(h.to, to) - Math.max(h.from, from)), 0)
      : 0;

  /** The minute of the day at which `wanted` working minutes after `from` have passed. */
  const minuteAfter = (from: number, wanted: number): number => {
    let left = wanted;
    for (const h of hours) {
      const start = Math.max(h.from, from);
      if (h.to - start >= left && start <= h.to) return start + left;
      left -= Math.max(0, h.to - start);
    }
    return closing;
  };

  const searched = (days: number) => {
    if (days > SEARCH_DAYS_MAX)
      throw new Refusal('invalid', `Working time is counted over at most ${SEARCH_DAYS_MAX} days.`);
  };

  return {
    dayOf,
    isWorkingDay: (day: Day): boolean => dayOf(day).working,
    workingMinutesPerDay: perDay,

    /** The moment by which so many working minutes have passed. Zero gives `from` itself; the count waits for opening. */
    addWorkingTime: (from: Date, minutes: number): Deadline => {
      if (!(minutes >= 0))
        throw new Refusal('invalid', 'Working time is counted forward: minutes must be ≥ 0.');
      let { day, minute } = zone.localOf(from);
      if (minutes === 0) return { at: from, official: dayOf(day).official };
      let left = minutes;
      let announced = true;
      for (let days = 0; ; days += 1, day = plusDays(day, 1), minute = 0) {
        searched(days);
        announced &&= dayOf(day).official;
        const here = minutesWithin(day, minute, closing);
        if (here >= left)
          return { at: zone.instantOf(day, minuteAfter(minute, left)), official: announced };
        left -= here;
      }
    },

    /**
     * The close of the n-th working day after the day of `from`, which does not count itself
     * (Civil Code of the PRC, articles 201 and 203; periods of the Administrative Licensing Law, article 82).
     */
    addWorkingDays: (from: Date, workingDays: number): Deadline => {
      if (!Number.isInteger(workingDays) || workingDays < 1)
        throw new Refusal('invalid', 'Working days are counted forward in whole days, from 1 on.');
      let { day } = zone.localOf(from);
      let left = workingDays;
      let announced = dayOf(day).official;
      for (let days = 0; left > 0; days += 1) {
        searched(days);
        day = plusDays(day, 1);
        const found = dayOf(day);
        announced &&= found.official;
        if (found.working) left -= 1;
      }
      return { at: zone.instantOf(day, closing), official: announced };
    },

    /** Working minutes from one moment to another; negative when `to` is the earlier. */
    workingMinutesBetween: (from: Date, to: Date): number => {
      const [first, last] = from <= to ? [from, to] : [to, from];
      const a = zone.localOf(first);
      const b = zone.localOf(last);
      let sum = 0;
      let days = 0;
      for (let day = a.day; day <= b.day; day = plusDays(day, 1), days += 1) {
        searched(days);
        sum += minutesWithin(day, day === a.day ? a.minute : 0, day === b.day ? b.minute : 24 * 60);
      }
      return from <= to ? sum : -sum;
    },
  };
};

export type WorkingCalendar = ReturnType<typeof openCalendar>;
