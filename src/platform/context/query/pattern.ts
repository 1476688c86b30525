import { Refusal } from '#kernel/errors';
import { checkText } from './operand.ts';
import { type Characters, type Node, toMatcher } from './automaton.ts';

/** Long enough for any naming rule; the pattern is compiled for each question. */
const PATTERN_CHARACTERS_MAX = 256;
const REPETITIONS_MAX = 100;
/** Counted repetitions are written out; this bounds what matching costs at each character. */
const STATES_MAX = 2_000;
const DEPTH_MAX = 16;

export type Pattern = {
  /** As PostgreSQL reads it. */
  readonly source: string;
  /** Whether it occurs anywhere in the text, in time proportional to its length. */
  readonly test: (text: string) => boolean;
};

/** Letters and digits are those of ASCII, as in the C locale, so that every engine means the same. */
const SHORTHAND: Readonly<Record<string, string>> = { d: '0-9', s: '\\t-\\r ', w: '0-9A-Z_a-z' };
const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: '0-9A-Za-z',
  space: '\\t-\\r ',
  upper: 'A-Z',
  lower: 'a-z',
  xdigit: '0-9A-Fa-f',
};

/** What stands between brackets as a set; only what this file writes comes here. */
const toSet = (ranges: string): Characters => {
  const set = new RegExp(`^[${ranges}]$`, 'u');
  return (c) => set.test(c);
};

const refuse = (why: string): never => {
  throw new Refusal('invalid', `The regular expression ${why} (clause 4.9, IEEE 1003.2).`);
};

const codeOf = (c: string): number => c.codePointAt(0)!;

/** A character of a set, as both engines read it between brackets. */
const escape = (c: string): string => ('\\][^-'.includes(c) ? `\\${c}` : c);

/** Extended regular expressions, with \d \s \w; what engines read differently (back-references, look-around) is refused. */
const parse = (source: string): { node: Node; source: string } => {
  const characters = [...source];
  let at = 0;
  let written = '';
  const peek = () => characters[at];
  const take = (): string => characters[at++] ?? refuse('ends too early');
  const set = (ranges: string, negated = false): Node => {
    written += `[${negated ? '^' : ''}${ranges}]`;
    const has = toSet(ranges);
    // A line's end is in no negated set and no dot: so it is in the database.
    return { kind: 'set', has: negated ? (c) => c !== '\n' && !has(c) : has };
  };
  const takeEscaped = (): string => {
    const c = take();
    return /[\p{L}\p{N}]/u.test(c) ? refuse(`has an unknown \\${c}`) : c;
  };

  const parseBracket = (): Node => {
    const negated = peek() === '^' && at++ >= 0;
    let ranges = '';
    for (let first = true; first || peek() !== ']'; first = false) {
      const from = take();
      const shorthand = from === '\\' ? SHORTHAND[peek() ?? ''] : undefined;
      if (shorthand) {
        ranges += shorthand;
        at += 1;
      } else if (from === '[') {
        const name = /^:([a-z]+):\]/.exec(characters.slice(at, at + 12).join(''))?.[1] ?? '';
        ranges += CLASSES[name] ?? refuse('has a [ within brackets that opens no known class');
        at += name.length + 3;
      } else {
        const low = from === '\\' ? takeEscaped() : from;
        if (peek() !== '-' || characters[at + 1] === ']') {
          ranges += escape(low);
          continue;
        }
        at += 1;
        const high = take();
        if (high === '[' || high === '\\' || codeOf(high) < codeOf(low))
          refuse(`has the range ${low}-${high}`);
        ranges += `${escape(low)}-${escape(high)}`;
      }
    }
    at += 1;
    return set(ranges, negated);
  };

  const parseAtom = (depth: number): Node => {
    const c = take();
    switch (c) {
      case '(': {
        if (peek() === '?') return refuse('has a group that is none of IEEE 1003.2');
        written += '(';
        const inside = parseAny(depth + 1);
        if (take() !== ')') return refuse('leaves a group open');
        written += ')';
        return inside;
      }
      case '[':
        return parseBracket();
      case '.':
        written += '.';
        return { kind: 'set', has: (x) => x !== '\n' };
      case '^':
      case '$':
        written += c;
        return { kind: c === '^' ? 'start' : 'end' };
      case '*':
      case '+':
      case '?':
      case '{':
        return refuse(`repeats nothing with ${c}`);
      default: {
        const shorthand = c === '\\' ? SHORTHAND[peek() ?? ''] : undefined;
        if (shorthand) at += 1;
        return set(shorthand ?? escape(c === '\\' ? takeEscaped() : c));
      }
    }
  };

  const parseCount = (): readonly [number, number] | undefined => {
    const c = peek();
    if (c === '*' || c === '+' || c === '?') {
      at += 1;
      return [c === '+' ? 1 : 0, c === '?' ? 1 : Infinity];
    }
    if (c !== '{') return undefined;
    const counted = /^\{(\d{1,3})(,(\d{1,3})?)?\}/.exec(characters.slice(at, at + 9).join(''));
    if (!counted) return refuse('has a { that counts nothing');
    at += counted[0].length;
    const min = Number(counted[1]);
    const max = counted[3] !== undefined ? Number(counted[3]) : counted[2] ? Infinity : min;
    if (min > REPETITIONS_MAX || (max !== Infinity && (max > REPETITIONS_MAX || max < min)))
      return refuse(`repeats out of 0 to ${REPETITIONS_MAX} times`);
    return [min, max];
  };

  const parseAll = (depth: number): Node => {
    const of: Node[] = [];
    while (at < characters.length && peek() !== '|' && peek() !== ')') {
      const atom = parseAtom(depth);
      const from = at;
      const count = parseCount();
      written += characters.slice(from, at).join('');
      if (count && (atom.kind === 'start' || atom.kind === 'end'))
        return refuse('repeats an anchor');
      if (count && '*+?{'.includes(peek() ?? ' ')) return refuse('repeats a repetition');
      of.push(count ? { kind: 'repeat', of: atom, min: count[0], max: count[1] } : atom);
    }
    return of.length > 0 ? { kind: 'all', of } : { kind: 'empty' };
  };

  const parseAny = (depth: number): Node => {
    if (depth > DEPTH_MAX) return refuse(`nests deeper than ${DEPTH_MAX} groups`);
    const of = [parseAll(depth)];
    while (peek() === '|') {
      at += 1;
      written += '|';
      of.push(parseAll(depth));
    }
    return of.length > 1 ? { kind: 'any', of } : of[0]!;
  };

  const node = parseAny(0);
  return at === characters.length
    ? { node, source: written }
    : refuse('closes a group that is not open');
};

/**
 * A regular expression for both engines: the source for PostgreSQL, a matcher without backtracking for us. It is
 * looked for anywhere in the text; ^ and $ tie it to the ends. Throws Refusal('invalid') where it is none.
 */
export const parsePattern = (source: string): Pattern => {
  if (source.length === 0) refuse('is empty');
  if (source.length > PATTERN_CHARACTERS_MAX)
    refuse(`is longer than ${PATTERN_CHARACTERS_MAX} characters`);
  const parsed = parse(checkText(source));
  const test = toMatcher(parsed.node, STATES_MAX);
  return test ? { source: parsed.source, test } : refuse('repeats too much');
};
