import { Refusal } from '#kernel/errors';
import { KIND, type Kind } from './valued.ts';

/** Clause 4.5.19.1. */
const METHODS = [
  'totalCount',
  'distinctCount',
  'sum',
  'avg',
  'min',
  'max',
  'stddev',
  'sumsq',
] as const;
export type Method = (typeof METHODS)[number];

/** Tables 4.5.19.1-1 to -3. */
const COUNTS: readonly Method[] = ['totalCount', 'distinctCount'];
const ALLOWED: Readonly<Record<Kind, ReadonlySet<Method>>> = {
  number: new Set(METHODS),
  boolean: new Set(METHODS),
  array: new Set<Method>([...COUNTS, 'sum', 'avg', 'min', 'max']),
  string: new Set<Method>([...COUNTS, 'min', 'max']),
  date: new Set<Method>([...COUNTS, 'min', 'max']),
  time: new Set<Method>([...COUNTS, 'min', 'max', 'avg']),
  object: new Set(COUNTS),
  other: new Set(COUNTS),
  relationship: new Set(COUNTS),
};
/** Ordered as texts, so not together with others. */
const TEXTS: ReadonlySet<Kind> = new Set<Kind>(['string', 'date', 'time']);
const ALL = Object.keys(KIND) as Kind[];

/** What a method made of one period, as the database gives it. */
type Figure = {
  readonly name: string;
  /** Flags of valued.ts. */ readonly kinds: number;
  readonly value: number | null;
  /** Least or greatest of texts. */ readonly text: string | null | undefined;
  /** Whether part of it is known by the hour alone. */ readonly rolled: boolean;
};

const kindsOf = new Map<number, readonly Kind[]>();
const kindsIn = (flags: number): readonly Kind[] => {
  const known = kindsOf.get(flags) ?? ALL.filter((kind) => (flags & KIND[kind]) !== 0);
  kindsOf.set(flags, known);
  return known;
};

const timeOfDay = (seconds: number): string => {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return `${parts.map((part) => String(part).padStart(2, '0')).join(':')}Z`;
};

const refuse = (name: string, method: Method): never => {
  throw new Refusal(
    'invalid',
    `${name} has values that ${method} cannot be made of (clause 5.7.4.4).`,
    { request: true },
  );
};

/** What a method makes of a period; undefined where it is not made of such values, or refused where `strict`. */
export const valueOf = (
  figure: Figure,
  method: Method,
  strict: boolean,
): number | string | undefined => {
  const kinds = kindsIn(figure.kinds);
  const isText = kinds.some((kind) => TEXTS.has(kind));
  const isCount = COUNTS.includes(method);
  const allowed = kinds.every((kind) => ALLOWED[kind].has(method));
  if (!allowed || (isText && !isCount && kinds.length > 1))
    return strict ? refuse(figure.name, method) : undefined;
  if (method === 'distinctCount' && figure.rolled) return undefined; // by the hour only how many, not which
  if (isText && (method === 'min' || method === 'max')) return figure.text ?? undefined;
  const value = Number(figure.value);
  return isText && method === 'avg' ? timeOfDay(value) : value;
};

/** The methods that were asked for. Throws Refusal('invalid'). */
export const parseMethods = (text: string): readonly Method[] => {
  const methods = text.split(',').map((name) => METHODS.find((method) => method === name.trim()));
  if (methods.includes(undefined))
    throw new Refusal(
      'invalid',
      `aggrMethods are some of ${METHODS.join(', ')} (clause 4.5.19.1).`,
    );
  return [...new Set(methods as Method[])];
};
