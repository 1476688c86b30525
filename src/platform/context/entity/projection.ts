import { Refusal } from '#kernel/errors';
import type { Names } from '../jsonld/compile.ts';

const PROJECTION_CHARACTERS_MAX = 8_000;
const PROJECTION_NAMES_MAX = 500;
/** Deeper than any retrieval of linked entities goes. */
const PROJECTION_LEVELS_MAX = 10;
const NAME = /[^\s{}|,;()"<>\\^`]+/uy;

/** Members of an entity that are not attributes and are picked and omitted like them. */
const OWN = ['id', 'type', 'scope'] as const;
export type OwnMember = (typeof OWN)[number];

/** What of an entity is shown, and what of the entities that it points to (clause 4.21). */
export type Projection = {
  /** Only these attributes, by full name. */
  readonly only?: ReadonlySet<string>;
  readonly without?: ReadonlySet<string>;
  readonly hidden?: ReadonlySet<OwnMember>;
  /** Of what a relationship points to. */
  readonly links?: ReadonlyMap<string, Projection>;
};

/** Names as they are written, each with what is named of its linked entities. */
type Terms = Map<string, Terms | undefined>;

/** The attribute projection language (clause 4.21). Throws Refusal('invalid') naming the place. */
const parseTerms = (text: string, parameter: string): Terms => {
  let at = 0;
  let count = 0;
  const refuse = (why: string): never => {
    throw new Refusal('invalid', `${parameter} ${why} at character ${at + 1} (clause 4.21).`);
  };
  if (text.length > PROJECTION_CHARACTERS_MAX)
    refuse(`is longer than ${PROJECTION_CHARACTERS_MAX} characters`);
  const skipSpaces = () => {
    while (text[at] === ' ') at += 1;
  };
  const parseName = (): string => {
    skipSpaces();
    NAME.lastIndex = at;
    const [name] = NAME.exec(text) ?? refuse('wants a name');
    if (++count > PROJECTION_NAMES_MAX) refuse(`has more than ${PROJECTION_NAMES_MAX} names`);
    at = NAME.lastIndex;
    skipSpaces();
    return name;
  };
  const parseMany = (level: number): Terms => {
    const terms: Terms = new Map();
    for (;;) {
      const name = parseName();
      if (terms.has(name)) refuse(`names ${name} twice`);
      let inner: Terms | undefined;
      if (text[at] === '{') {
        if (level === PROJECTION_LEVELS_MAX) refuse('goes deeper than any linked entity');
        at += 1;
        inner = parseMany(level + 1);
        if (text[at] !== '}') refuse('leaves a brace open');
        at += 1;
        skipSpaces();
      }
      terms.set(name, inner);
      if (text[at] !== ',' && text[at] !== '|') return terms;
      at += 1;
    }
  };
  const terms = parseMany(0);
  return at === text.length
    ? terms
    : refuse(`has something unexpected (${JSON.stringify(text[at])})`);
};

const isOwn = (name: string): name is OwnMember => (OWN as readonly string[]).includes(name);

const combine = (
  pick: Terms | undefined,
  omit: Terms | undefined,
  { expand }: Names,
): Projection => {
  const picked = [...(pick?.keys() ?? [])];
  const omitted = [...(omit ?? [])].flatMap(([name, inner]) => (inner ? [] : [name]));
  for (const name of omitted)
    if (pick?.has(name))
      throw new Refusal('invalid', `${name} is picked and omitted at once (clause 4.21).`);
  const hidden = OWN.filter((name) => (pick && !pick.has(name)) || omitted.includes(name));
  const linking = new Set(
    [...(pick ?? []), ...(omit ?? [])].flatMap(([name, inner]) => (inner ? [name] : [])),
  );
  const links = [...linking].map(
    (name) =>
      [expand(name), combine(pick?.get(name), omit?.get(name), { expand } as Names)] as const,
  );
  const attributes = (names: readonly string[]) =>
    new Set(names.filter((name) => !isOwn(name)).map(expand));
  return {
    ...(pick ? { only: attributes(picked) } : {}),
    ...(omitted.length > 0 ? { without: attributes(omitted) } : {}),
    ...(hidden.length > 0 ? { hidden: new Set(hidden) } : {}),
    ...(links.length > 0 ? { links: new Map(links) } : {}),
  };
};

type Parameters = {
  readonly pick?: string | undefined;
  readonly omit?: string | undefined;
  readonly attrs?: string | undefined;
};

/** What `pick` and `omit`, or the older `attrs`, leave of an entity. Throws Refusal('invalid'). */
export const projectionOf = ({ pick, omit, attrs }: Parameters, names: Names): Projection => {
  if (attrs !== undefined && (pick !== undefined || omit !== undefined))
    throw new Refusal('invalid', 'attrs does not go together with pick or omit (clause 4.21).');
  if (attrs !== undefined)
    return { only: new Set(attrs.split(',').map((name) => names.expand(name.trim()))) };
  return combine(
    pick === undefined ? undefined : parseTerms(pick, 'pick'),
    omit === undefined ? undefined : parseTerms(omit, 'omit'),
    names,
  );
};

/** How many links a projection follows at most. */
export const depthOf = ({ links }: Projection): number =>
  links ? 1 + Math.max(...[...links.values()].map(depthOf)) : 0;

/** Whether an attribute of this full name is shown. */
export const shows = ({ only, without }: Projection, name: string): boolean =>
  (!only || only.has(name)) && !without?.has(name);
