const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})$/;

const OURS = '2026-08-01T00:00:00.000Z';

const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();

/**
 * An ISO 8601 instant (date, time and zone; seconds may carry a fraction) as milliseconds since 1970, or undefined
 * where the text is none. Stricter than `Date.parse`: no local times, no February 30.
 */
export const parseInstant = (text: string): number | undefined => {
  const asOurs = text.length === OURS.length ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(asOurs) && toInstant(asOurs) === text) return asOurs; // as most come

  const m = INSTANT.exec(text);
  if (!m) return undefined;
  const [, year, month, day, hour, minute, second = '0'] = m.map((part) => part);
  if (+month! < 1 || +month! > 12 || +day! < 1 || +day! > daysIn(+year!, +month!)) return undefined;
  if (+hour! > 23 || +minute! > 59 || +second > 59) return undefined;
  const at = Date.parse(text.replace(',', '.').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(at) ? undefined : at;
};

/** The one spelling of an instant in our own data: UTC, milliseconds, `Z`. */
export const toInstant = (at: Date | number): string => new Date(at).toISOString();
