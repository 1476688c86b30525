import { Refusal } from '#kernel/errors';
import { parseInstant } from '#kernel/time';

/** A value of a query term (clause 4.9). Temporal ones carry a key whose text order is their order in time. */
export type Operand =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: TemporalType; readonly value: string };

export type TemporalType = 'dateTime' | 'date' | 'time';

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/; // RFC 8259, section 6
const FRACTION_DIGITS = 6;

/** The spellings of clause 4.6.3, and what is left of the longest of each with its fraction. The text serves SQL too. */
export const TEMPORAL: Readonly<Record<TemporalType, { shape: string; keyCharacters: number }>> = {
  dateTime: {
    shape: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.,][0-9]{1,6})?Z$',
    keyCharacters: 20 + FRACTION_DIGITS,
  },
  date: { shape: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', keyCharacters: 10 },
  time: {
    shape: '^[0-9]{2}:[0-9]{2}:[0-9]{2}([.,][0-9]{1,6})?Z$',
    keyCharacters: 9 + FRACTION_DIGITS,
  },
};

const SHAPES = Object.entries(TEMPORAL).map(
  ([type, { shape }]) => [type as TemporalType, new RegExp(shape)] as const,
);

/** The key of a text of this temporal type, or undefined where it is none. */
export const keyOf = (text: string, type: TemporalType): string | undefined => {
  if (!SHAPES.find(([name]) => name === type)![1].test(text)) return undefined;
  if (type === 'date') return text;
  const whole = text.slice(0, -1).replace(',', '.');
  return (whole.includes('.') ? whole : `${whole}.`).padEnd(TEMPORAL[type].keyCharacters, '0');
};

/** Without a time zone a date is read at midnight, and a time on some day, to see whether they exist. */
const EXISTS: Readonly<Record<TemporalType, (text: string) => string>> = {
  dateTime: (text) => text,
  date: (text) => `${text}T00:00:00Z`,
  time: (text) => `2000-01-01T${text}`,
};

const toTemporal = (text: string): Operand | undefined => {
  for (const [type, shape] of SHAPES) {
    if (!shape.test(text)) continue;
    if (parseInstant(EXISTS[type](text)) === undefined)
      throw new Refusal('invalid', `${text} is no ${type} that exists (clause 4.6.3).`);
    return { type, value: keyOf(text, type)! };
  }
  return undefined;
};

/** Number, dateTime, date or time, as they stand without quotes; undefined where the text is none of them. */
export const toComparable = (text: string): Operand | undefined => {
  if (!NUMBER.test(text)) return toTemporal(text);
  const value = Number(text);
  if (!Number.isFinite(value))
    throw new Refusal('invalid', `${text} is beyond what a number holds.`);
  return { type: 'number', value };
};

/** What stands without quotes: a comparable value, true, false, or a URI. */
export const toBare = (text: string): Operand =>
  text === 'true' || text === 'false'
    ? { type: 'boolean', value: text === 'true' }
    : (toComparable(text) ?? { type: 'string', value: text });

/** Text that neither engine can store cannot be asked for either. */
export const checkText = (text: string): string => {
  if (!text.isWellFormed() || text.includes('\0'))
    throw new Refusal('invalid', 'The query holds text that is not well-formed Unicode.');
  return text;
};

export const isTemporal = (operand: Operand): operand is Operand & { type: TemporalType } =>
  operand.type in TEMPORAL;
