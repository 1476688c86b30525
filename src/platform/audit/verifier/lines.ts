/** The lines of an export, each one JSON value as JSON.stringify writes it: any other spelling counts as altered. */
export type Leaf = {
  readonly index: number;
  readonly hash: string;
  /** Absent where the entry was given up after its time. */
  readonly content?: string;
  /** Absent where what was personal is erased, or was not asked for. */
  readonly salt?: string;
  readonly personal?: string;
  /** In an export of a part: that the leaf is in the tree of the head at the end. */
  readonly proof?: readonly string[];
};
export type Line =
  | {
      readonly log: 'sanjiang-audit';
      readonly format: 1;
      readonly origin: string;
      readonly keys: readonly string[];
      /** Leaves from `first` up to and without `end`. */
      readonly first: number;
      readonly end: number;
      /** Leaves of the tree at that time. */
      readonly size: number;
    }
  | { readonly leaf: Leaf }
  | { readonly head: { readonly size: number; readonly note: string } }
  | { readonly ended: { readonly leaves: number; readonly heads: number } };

export type Start = Extract<Line, { log: string }>;

const HASH = /^[0-9a-f]{64}$/;
const isText = (value: unknown) => typeof value === 'string';
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isHash = (value: unknown) => isText(value) && HASH.test(value as string);

type Shape = Readonly<Record<string, (value: unknown) => boolean>>;
const optional = (is: (value: unknown) => boolean) => (value: unknown) =>
  value === undefined || is(value);
const isShaped = (value: unknown, shape: Shape): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).every((name) => name in shape) &&
  Object.entries(shape).every(([name, is]) => is((value as Record<string, unknown>)[name]));
const isListOf = (is: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every(is);

const START: Shape = {
  log: (v) => v === 'sanjiang-audit',
  format: (v) => v === 1,
  origin: isText,
  keys: isListOf(isText),
  first: isCount,
  end: isCount,
  size: isCount,
};
const LEAF: Shape = {
  index: isCount,
  hash: isHash,
  content: optional(isText),
  salt: optional(isHash),
  personal: optional(isText),
  proof: optional(isListOf(isHash)),
};
const LINES: readonly Shape[] = [
  START,
  { leaf: (v) => isShaped(v, LEAF) },
  { head: (v) => isShaped(v, { size: isCount, note: isText }) },
  { ended: (v) => isShaped(v, { leaves: isCount, heads: isCount }) },
];

/** Undefined where the text is no line of an export, or not spelt as one is. */
export const readLine = (text: string): Line | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!LINES.some((shape) => isShaped(value, shape))) return undefined;
  return JSON.stringify(value) === text ? (value as Line) : undefined;
};
