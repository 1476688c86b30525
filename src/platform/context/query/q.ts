import { Refusal } from '#kernel/errors';
import { iriOf } from '../jsonld/compile.ts';
import { checkText, type Operand, TEMPORAL, toBare, toComparable } from './operand.ts';
import { type Pattern, parsePattern } from './pattern.ts';

/** A URL of some thousand characters is what proxies let through; a POSTed query gets no more. */
const Q_CHARACTERS_MAX = 4_000;
const Q_TERMS_MAX = 100;
const Q_DEPTH_MAX = 16;
const PATH_NAMES_MAX = 8;
const LINKS_MAX = 10;
const LINK_TYPES_MAX = 20;

export type Order = '>' | '>=' | '<' | '<=';
export type Range = { readonly type: 'range'; readonly from: Operand; readonly to: Operand };

export type Test =
  | { readonly op: '==' | '!='; readonly anyOf: readonly (Operand | Range)[] }
  | { readonly op: Order; readonly than: Operand }
  | { readonly op: '~=' | '!~='; readonly pattern: Pattern };

/** Members of an instance that are plain values. */
const MEMBERS = ['observedAt', 'createdAt', 'modifiedAt', 'unitCode', 'datasetId'] as const;
export type Member = (typeof MEMBERS)[number];
const SYSTEM = ['createdAt', 'modifiedAt'] as const;

export type Path =
  | {
      /** The attribute and the sub-attributes within it, by IRI. */
      readonly names: readonly string[];
      readonly member?: Member;
      /** What stands in brackets: members of a JSON value, a language, or * for every language. */
      readonly trail?: readonly string[];
    }
  /** The entity's own times. */
  | { readonly system: (typeof SYSTEM)[number] };

export type Query =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Query[] }
  | { readonly kind: 'present' | 'absent'; readonly path: Path }
  | { readonly kind: 'test'; readonly path: Path; readonly test: Test }
  /** Holds where it holds of an entity that the Relationship of this name points to. */
  | {
      readonly kind: 'linked';
      readonly name: string;
      /** The linked entity has one of these types, by full name. */
      readonly types?: readonly string[];
      readonly query: Query;
    };

type Naming = {
  /** The full name (IRI) of a short one. */
  readonly expand: (short: string) => string;
  /** Short names of the attributes whose values are terms of the context (parameter `expandValues`). */
  readonly expandValues?: ReadonlySet<string>;
  /** Whether there is a way to look at linked entities. */
  readonly links?: boolean;
};

const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const LINK = /([\p{L}_][\p{L}\p{N}_]*)\{/uy;
const LINK_TYPES = /([\p{L}_][\p{L}\p{N}_]*(?:,[\p{L}_][\p{L}\p{N}_]*)*):/uy;
const OPERATOR = /==|!=|!~=|~=|>=|<=|>|</y;
/** A comma may stand before the fraction of a second (clause 4.6.3), where it parts no list. */
const WITH_COMMA = /(?:[0-9]{4}-[0-9]{2}-[0-9]{2}T)?[0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{1,6}Z/y;
const BARE = /[^;|(),"<>=!\s]+/uy;
const QUOTED = /"(?:[^"\\]|\\.)*"/sy;
const BRACKETED = /\[([^[\]\p{Cc}]*)\]/uy;

const isOneOf = <T extends string>(names: readonly T[], name: string | undefined): name is T =>
  names.includes(name as T);

/** A regular expression without quotes ends where its brackets and groups are closed and the next operator stands. */
const endOfPattern = (text: string, from: number): number => {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const c = text[at];
    if (c === '\\') at += 1;
    else if (c === '[') {
      const close = text.indexOf(']', text[at + 1] === '^' ? at + 3 : at + 2);
      if (close > 0) at = close;
    } else if (c === '(') depth += 1;
    else if (c === ')' && --depth < 0) return at;
    else if (depth === 0 && (c === ';' || c === '|')) return at;
  }
  return text.length;
};

/**
 * The query language of GS CIM 009 V1.9.1, clause 4.9, as a tree with full names. Beyond it: `!name` asks that an
 * attribute is absent, spaces may stand around values, and a word may stand for a quoted text. A regular expression
 * may be quoted; without quotes its | and ; stand in groups. Queries into linked entities are for those who can look
 * at these (`links`). Throws Refusal('invalid') naming the place, or 'not-implemented'.
 */
export const parseQ = (
  text: string,
  { expand: toIri, expandValues, links = false }: Naming,
): Query => {
  const expand = (short: string) => checkText(toIri(short));
  if (text.length > Q_CHARACTERS_MAX)
    throw new Refusal('invalid', `q is longer than ${Q_CHARACTERS_MAX} characters.`);
  checkText(text);
  let at = 0;
  let terms = 0;

  const refuse = (why: string): never => {
    throw new Refusal('invalid', `q ${why} at character ${at + 1} (clause 4.9).`, { at: at + 1 });
  };
  const match = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found ?? undefined;
  };
  const skip = (character: string): boolean => text[at] === character && (at += 1) > 0;
  const skipSpaces = (): void => {
    while (text[at] === ' ') at += 1;
  };

  const parseQuoted = (): string => {
    const found = match(QUOTED)?.[0] ?? refuse('leaves a quotation open');
    try {
      return checkText(JSON.parse(found) as string);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      return refuse('has a string that is none of JSON');
    }
  };

  const parsePath = (): { path: Path; first: string } => {
    const shorts: string[] = [];
    do shorts.push(match(NAME)?.[0] ?? refuse('wants an attribute name'));
    while (shorts.length <= PATH_NAMES_MAX && skip('.'));
    if (shorts.length > PATH_NAMES_MAX) refuse(`has a path of more than ${PATH_NAMES_MAX} names`);
    const [first = '', ...rest] = shorts;
    if (rest.length === 0 && isOneOf(SYSTEM, first) && text[at] !== '[')
      return { path: { system: first }, first };
    if (isOneOf(['id', 'type', 'scope'], first))
      refuse(
        `asks for ${first}, which has a parameter of its own (${first === 'scope' ? 'scopeQ' : first})`,
      );
    const last = rest.at(-1);
    if (isOneOf(MEMBERS, last) && text[at] !== '[')
      return { path: { names: shorts.slice(0, -1).map(expand), member: last }, first };
    const names = shorts.map(expand);
    if (text[at] !== '[') return { path: { names }, first };
    const trail = (match(BRACKETED)?.[1] ?? refuse('leaves a bracket open')).split('.');
    if (trail.includes('')) refuse('has an empty name in brackets');
    if (trail.length > PATH_NAMES_MAX) refuse(`has a path of more than ${PATH_NAMES_MAX} names`);
    return { path: { names, trail }, first };
  };

  const parseValue = (): Operand | Range => {
    skipSpaces();
    if (text[at] === '"') {
      const from: Operand = { type: 'string', value: parseQuoted() };
      if (!text.startsWith('..', at)) return from;
      at += 2;
      return { type: 'range', from, to: { type: 'string', value: parseQuoted() } };
    }
    const bare = (match(WITH_COMMA) ?? match(BARE) ?? refuse('wants a value'))[0];
    const dots = bare.indexOf('..');
    const from = dots > 0 ? toComparable(bare.slice(0, dots)) : undefined;
    const to = from && toComparable(bare.slice(dots + 2));
    if (from && !to) refuse('has a range without an end of the same kind');
    return from && to ? { type: 'range', from, to } : toBare(bare);
  };

  const parseEquality = (first: string): (Operand | Range)[] => {
    const anyOf: (Operand | Range)[] = [];
    do {
      const value = parseValue();
      if (value.type === 'range' && value.from.type !== value.to.type)
        refuse('has a range between unlike values');
      anyOf.push(
        value.type === 'string' && expandValues?.has(first)
          ? { ...value, value: iriOf(expand(value.value)) }
          : value,
      );
      skipSpaces();
    } while (skip(','));
    if (anyOf.length > 1 && anyOf.some((value) => value.type === 'range'))
      refuse('has a range within a list');
    const temporal = anyOf.filter((value) => value.type in TEMPORAL).length;
    if (temporal > 0 && temporal < anyOf.length) refuse('has a list of times and other values');
    return anyOf;
  };

  const parsePatternOperand = (): Pattern => {
    const quoted = text[at] === '"' ? match(QUOTED)?.[0] : undefined;
    if (quoted) return parsePattern(quoted.slice(1, -1).replaceAll('\\"', '"'));
    const from = at;
    at = endOfPattern(text, from);
    return parsePattern(text.slice(from, at));
  };

  /** `name{`, and what types the entities must have that it points to. */
  const parseLinks = (): { name: string; types?: string[] }[] => {
    const found: { name: string; types?: string[] }[] = [];
    for (let link = match(LINK); link; link = match(LINK)) {
      if (!links)
        throw new Refusal(
          'not-implemented',
          'Linked entities (clause 4.9, example 13) cannot be asked about here.',
        );
      if (found.length === LINKS_MAX) refuse(`goes deeper than ${LINKS_MAX} linked entities`);
      const types = match(LINK_TYPES)?.[1]?.split(',');
      if (types && types.length > LINK_TYPES_MAX) refuse(`has more than ${LINK_TYPES_MAX} types`);
      found.push({ name: expand(link[1]!), ...(types ? { types: types.map(expand) } : {}) });
    }
    return found;
  };

  const parseTerm = (): Query => {
    if (++terms > Q_TERMS_MAX) refuse(`has more than ${Q_TERMS_MAX} terms`);
    if (skip('!')) return { kind: 'absent', path: parsePath().path };
    const followed = parseLinks();
    const { path, first } = parsePath();
    for (const _link of followed) if (!skip('}')) refuse('leaves a brace open');
    return followed.reduceRight<Query>(
      (query, link) => ({ kind: 'linked', ...link, query }),
      parseTest(path, first),
    );
  };

  const parseTest = (path: Path, first: string): Query => {
    skipSpaces();
    const op = match(OPERATOR)?.[0];
    switch (op) {
      case undefined:
        return { kind: 'present', path };
      case '==':
      case '!=':
        return { kind: 'test', path, test: { op, anyOf: parseEquality(first) } };
      case '~=':
      case '!~=':
        return { kind: 'test', path, test: { op, pattern: parsePatternOperand() } };
      default: {
        const quoted = (skipSpaces(), text[at] === '"');
        const than = parseValue();
        if (than.type === 'range' || than.type === 'boolean' || (than.type === 'string' && !quoted))
          return refuse(`compares by ${op} with what has no order`);
        skipSpaces();
        return { kind: 'test', path, test: { op: op as Order, than } };
      }
    }
  };

  const parseOne = (depth: number): Query => {
    if (depth > Q_DEPTH_MAX) refuse(`nests deeper than ${Q_DEPTH_MAX} parentheses`);
    if (!skip('(')) return parseTerm();
    const inside = parseAny(depth + 1);
    return skip(')') ? inside : refuse('leaves a parenthesis open');
  };
  const parseMany = (kind: 'and' | 'or', operator: string, one: () => Query): Query => {
    const of = [one()];
    while (skip(operator)) of.push(one());
    return of.length > 1 ? { kind, of } : of[0]!;
  };
  const parseAny = (depth: number): Query =>
    parseMany('or', '|', () => parseMany('and', ';', () => parseOne(depth)));

  const query = parseAny(0);
  return at === text.length
    ? query
    : refuse(`has something unexpected (${JSON.stringify(text[at])})`);
};

/** Whether the query names an attribute of entities, not only their own times (clause 5.7.2.4, too wide a query). */
export const namesAttribute = (query: Query): boolean => {
  if ('of' in query) return query.of.some(namesAttribute);
  return query.kind === 'linked' || 'names' in query.path;
};

/** How many links a query follows at most (clause 5.7.2.4, too deep a query). */
export const linksOf = (query: Query): number => {
  if ('of' in query) return Math.max(...query.of.map(linksOf));
  return query.kind === 'linked' ? 1 + linksOf(query.query) : 0;
};
