import { Refusal } from '#kernel/errors';
import { parseInstant } from '#kernel/time';

/** A device's clock may run ahead by so much; beyond, its readings would hide those of honest clocks. */
export const FUTURE_MS_MAX = 5 * 60_000;
/** Older than this a live reading is taken and counted as late: a device that was offline delivers its store. */
export const LATE_MS = 24 * 3_600_000;
/** Older than this a live reading is refused: a clock that was never set says 1970 or 2000. Imports may be older. */
export const AGE_MS_MAX = 400 * 24 * 3_600_000;
/** Seconds since 1970 stay below this until the year 5138; milliseconds passed it in 1973. */
const SECONDS_MAX = 1e11;

export type InstantFormat = 'iso' | 's' | 'ms' | 'any';

const read = (value: unknown, format: InstantFormat): number | undefined => {
  if (typeof value === 'string' && (format === 'iso' || format === 'any'))
    return parseInstant(value);
  if (typeof value !== 'number' || !Number.isFinite(value) || format === 'iso') return undefined;
  const ms = format === 's' || (format === 'any' && value < SECONDS_MAX) ? value * 1000 : value;
  return Math.abs(ms) < 8.64e15 ? Math.round(ms) : undefined;
};

/**
 * When it was observed, in milliseconds since 1970. Throws Refusal('invalid') naming the member where the value is no
 * instant, lies in the future by more than FUTURE_MS_MAX, or is older than AGE_MS_MAX and `anyAge` is not set.
 */
export const readObservedAt = (
  value: unknown,
  format: InstantFormat,
  receivedAt: number,
  anyAge: boolean,
): number => {
  const at = read(value, format);
  if (at === undefined)
    throw new Refusal(
      'invalid',
      `observedAt: ${JSON.stringify(value)?.slice(0, 60)} is no instant; write ISO 8601 with a zone, such as 2026-01-31T08:00:00Z, or seconds or milliseconds since 1970.`,
      { member: 'observedAt' },
    );
  const ahead = at - receivedAt;
  if (ahead > FUTURE_MS_MAX)
    throw new Refusal(
      'invalid',
      `observedAt: ${new Date(at).toISOString()} is ${Math.round(ahead / 1000)} s in the future; at most ${FUTURE_MS_MAX / 1000} s are allowed. Please set the device's clock.`,
      { member: 'observedAt' },
    );
  if (!anyAge && -ahead > AGE_MS_MAX)
    throw new Refusal(
      'invalid',
      `observedAt: ${new Date(at).toISOString()} is more than ${AGE_MS_MAX / 86_400_000} days old. Please set the device's clock, or import old readings as a file.`,
      { member: 'observedAt' },
    );
  return at;
};
