const SLOT_MS = 15 * 60_000; // no zone changes its offset within a quarter of an hour
const HOUR_MS = 3_600_000;

/** Hours since 1970 on the clocks of a time zone, fractions included. Modulo 24 they are the time of day. */
export const openLocalHours = (timeZone: string): ((ms: number) => number) => {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  let slot = Number.NaN;
  let offsetMs = 0;
  const offsetAt = (ms: number): number => {
    const name = format.formatToParts(ms).find((part) => part.type === 'timeZoneName')?.value ?? '';
    const m = /GMT([+-])(\d{2}):(\d{2})/.exec(name);
    return m ? (m[1] === '-' ? -1 : 1) * (Number(m[2]) * HOUR_MS + Number(m[3]) * 60_000) : 0;
  };
  return (ms) => {
    const here = Math.floor(ms / SLOT_MS);
    if (here !== slot) {
      slot = here;
      offsetMs = offsetAt(ms);
    }
    return (ms + offsetMs) / HOUR_MS;
  };
};
