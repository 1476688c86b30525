import { type Day, isDay } from './days.ts';

/** A point on a city's own clock. */
export type LocalTime = { readonly day: Day; readonly minute: number };

const MINUTE_MS = 60_000;

/**
 * The clock of a time zone of the IANA database. `localOf` is the wall clock at an instant (minutes with their fraction);
 * `instantOf` the instant of a wall-clock minute. A wall time that a change of offset skips counts as the one after the
 * gap, one that it repeats as the first of the two.
 */
export const openZone = (timeZone: string) => {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const wallMs = (atMs: number): number => {
    const part = Object.fromEntries(format.formatToParts(atMs).map((p) => [p.type, p.value]));
    const wall = Date.parse(
      `${part['year']}-${part['month']}-${part['day']}T${part['hour']}:${part['minute']}:${part['second']}Z`,
    );
    return wall + (((atMs % 1000) + 1000) % 1000);
  };
  return {
    localOf: (at: Date): LocalTime => {
      const wall = wallMs(at.getTime());
      const day = new Date(wall).toISOString().slice(0, 10);
      return { day, minute: (wall - Date.parse(`${day}T00:00:00Z`)) / MINUTE_MS };
    },
    instantOf: (day: Day, minute: number): Date => {
      if (!isDay(day)) throw new RangeError(`${day} is no day.`);
      const wall = Date.parse(`${day}T00:00:00Z`) + minute * MINUTE_MS;
      const before = wall - (wallMs(wall - 86_400_000) - (wall - 86_400_000));
      if (wallMs(before) === wall) return new Date(before);
      const after = wall - (wallMs(wall + 86_400_000) - (wall + 86_400_000));
      return new Date(wallMs(after) === wall ? after : before);
    },
  };
};

export type Zone = ReturnType<typeof openZone>;
