import { type CustomTypesConfig, types as builtIn } from 'pg';

/**
 * Types as text from the wire, alike on both engines:
 * int8 and numeric → number, timestamptz → ISO 8601 in UTC with milliseconds, date, timestamp, time and interval → text.
 * A module that needs more digits than a number holds selects `x::text`.
 */
const parseInt8 = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError(`bigint ${text} does not fit a number: select it as text`);
  return value;
};

const INSTANT = /^(\d{4})-(\d\d)-(\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00(?::?00)?$/;

/** Microseconds are cut, never rounded up, so that no instant moves into the future. */
export const parseInstant = (text: string): string => {
  const utc = INSTANT.exec(text);
  if (utc)
    return `${utc[1]}-${utc[2]}-${utc[3]}T${utc[4]}.${(utc[5] ?? '').padEnd(3, '0').slice(0, 3)}Z`;
  // Another session time zone, as a pooler may leave behind: 2026-01-01 08:00:00.5+08 or +05:30.
  const other = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?([+-]\d\d)(?::?(\d\d))?$/.exec(
    text,
  );
  if (!other) return text; // infinity, -infinity, years beyond four digits
  const ms = (other[3] ?? '').padEnd(3, '0').slice(0, 3);
  return new Date(`${other[1]}T${other[2]}.${ms}${other[4]}:${other[5] ?? '00'}`).toISOString();
};

const keep = (text: string): string => text;

/** A flat PostgreSQL array of values that never need quotes. */
const listOf =
  <T>(one: (text: string) => T) =>
  (text: string): (T | null)[] =>
    text === '{}'
      ? []
      : text
          .slice(1, -1)
          .split(',')
          .map((item) => (item === 'NULL' ? null : one(item.replaceAll('"', ''))));

const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  20: parseInt8,
  1016: listOf(parseInt8),
  1700: Number,
  1231: listOf(Number),
  1184: parseInstant,
  1185: listOf(parseInstant),
  1082: keep, // date
  1182: listOf(keep),
  1083: keep, // time
  1114: keep, // timestamp
  1115: listOf(keep),
  1186: keep, // interval
};

/** For `pg`: our parsers first, its own for every other type. */
export const types: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && PARSERS[oid]) ||
    builtIn.getTypeParser(oid, format as 'text')) as typeof builtIn.getTypeParser,
};
