const DURATION =
  /^P(?!$)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

const DAY_MS = 86_400_000;

/**
 * An ISO 8601 duration in milliseconds, or undefined where the text is none. A year counts 365 days and a month 30:
 * the callers (buckets, limits) need a length, not a calendar.
 */
export const parseDurationMs = (text: string): number | undefined => {
  const m = DURATION.exec(text);
  if (!m) return undefined;
  const [years, months, weeks, days, hours, minutes, seconds] = m
    .slice(1)
    .map((part) => Number(part ?? 0));
  return (
    (years! * 365 + months! * 30 + weeks! * 7 + days!) * DAY_MS +
    hours! * 3_600_000 +
    minutes! * 60_000 +
    seconds! * 1000
  );
};
