import type { Language } from '../text/language.ts';

/** Date and time to the second, in the city's own time zone when given. */
export function formatTime(at: string | number | Date, language: Language, zone?: string): string {
  return new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
    ...(zone ? { timeZone: zone } : {}),
  }).format(new Date(at));
}

/** A number with grouping and at most `digits` decimals; a dash when there is none. */
export function formatNumber(
  value: number | null | undefined,
  language: Language,
  digits = 2,
): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}
