import { Refusal } from '#kernel/errors';
import type { Clock } from '#kernel/time';

/** A device that anyone may have must not fill the disk: two readings a second are plenty to try. */
const SANDBOX_READINGS_PER_MINUTE_MAX = 120;
const MINUTE_MS = 60_000;

/** Counts what trial devices say in each minute. Throws Refusal('too-many') past the limit. */
export const openAllowance = (clock: Clock) => {
  let minute = 0;
  let said = new Map<string, number>();
  return (device: string, readings: number): void => {
    const now = Math.floor(clock.now().getTime() / MINUTE_MS);
    if (now !== minute) {
      minute = now;
      said = new Map();
    }
    const sum = (said.get(device) ?? 0) + readings;
    if (sum > SANDBOX_READINGS_PER_MINUTE_MAX)
      throw new Refusal(
        'too-many',
        `A trial device may send ${SANDBOX_READINGS_PER_MINUTE_MAX} readings a minute.`,
        { device },
      );
    said.set(device, sum);
  };
};
