import type { Geometry } from 'geojson';

/** One attribute of an entity as the standard's door answers it, normalized, with `options=sysAttrs`. */
export type Fact = {
  readonly name: string;
  readonly kind: string;
  readonly value: unknown;
  readonly unitCode?: string;
  readonly datasetId?: string;
  readonly observedAt?: string;
  readonly modifiedAt?: string;
  /** Who gave it, as far as it says: `providedBy`, `source`, `dataProvider`. */
  readonly sources: readonly string[];
  /** Its own attributes, other than its sources. */
  readonly about: readonly Fact[];
};

export type EntityFacts = {
  readonly id: string;
  readonly types: readonly string[];
  readonly name: string | Readonly<Record<string, string>> | undefined;
  readonly demo: boolean;
  readonly place: Geometry | undefined;
  readonly createdAt?: string;
  readonly modifiedAt?: string;
  /** When it was last seen or changed: what its age is counted from. */
  readonly newest: string | undefined;
  readonly facts: readonly Fact[];
};

type Json = Readonly<Record<string, unknown>>;

/** Members of an attribute that are not attributes of the attribute (clauses 4.5.2 to 4.5.24). */
const OWN = new Set([
  'type',
  'value',
  'object',
  'languageMap',
  'vocab',
  'json',
  'valueList',
  'objectList',
  'objectType',
  'unitCode',
  'datasetId',
  'observedAt',
  'createdAt',
  'modifiedAt',
  'deletedAt',
  'instanceId',
  'valueType',
  '@context',
]);
const SOURCES = ['providedBy', 'source', 'dataProvider'];
/** Shown in the head of the page, not as facts. */
const HEAD = new Set(['demo', 'name']);

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

const isAttribute = (value: unknown): value is Json =>
  isJson(value) && typeof value['type'] === 'string';

const valueOf = (attribute: Json): unknown => {
  for (const key of ['value', 'object', 'languageMap', 'vocab', 'json', 'valueList', 'objectList'])
    if (key in attribute) return attribute[key];
  return undefined;
};

/** The instances of an attribute: one, or one a dataset. */
const instancesOf = (value: unknown): Json[] =>
  (Array.isArray(value) ? value : [value]).filter(isAttribute);

const set = <K extends string>(key: K, value: string | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string };

const readFacts = (json: Json, skip: (name: string) => boolean): Fact[] =>
  Object.entries(json).flatMap(([name, value]) =>
    skip(name) ? [] : instancesOf(value).map((instance) => readFact(name, instance)),
  );

const readFact = (name: string, attribute: Json): Fact => ({
  name,
  kind: String(attribute['type']),
  value: valueOf(attribute),
  ...set('unitCode', text(attribute['unitCode'])),
  ...set('datasetId', text(attribute['datasetId'])),
  ...set('observedAt', text(attribute['observedAt'])),
  ...set('modifiedAt', text(attribute['modifiedAt'])),
  sources: sourcesOf(attribute),
  about: readFacts(attribute, (inner) => OWN.has(inner) || SOURCES.includes(inner)),
});

const sourcesOf = (json: Json): string[] =>
  SOURCES.flatMap((name) => instancesOf(json[name]).map(valueOf))
    .flat()
    .filter((source): source is string => typeof source === 'string');

/** An entity as our pages show it. */
export function readEntity(json: Json): EntityFacts {
  const types = [json['type']].flat().filter((type): type is string => typeof type === 'string');
  const facts = readFacts(
    json,
    (name) => name === 'id' || name === 'type' || name === '@context' || HEAD.has(name),
  );
  const [name] = instancesOf(json['name']).map(valueOf);
  const [demo] = instancesOf(json['demo']).map(valueOf);
  const [place] = instancesOf(json['location']).map(valueOf);
  const times = facts.map(({ observedAt }) => observedAt ?? '').filter(Boolean);
  return {
    id: String(json['id']),
    types,
    name:
      typeof name === 'string' ? name : isJson(name) ? (name as Record<string, string>) : undefined,
    demo: demo === true,
    place: isJson(place) ? (place as unknown as Geometry) : undefined,
    ...set('createdAt', text(json['createdAt'])),
    ...set('modifiedAt', text(json['modifiedAt'])),
    newest: times.sort().at(-1) ?? text(json['modifiedAt']),
    facts: facts.sort((a, b) => rank(a) - rank(b)),
  };
}

/** What is measured first, what is written about it after, where it is last. */
const rank = ({ value, kind, observedAt }: Fact): number =>
  kind === 'GeoProperty'
    ? 4
    : typeof value === 'number'
      ? 0
      : observedAt
        ? 1
        : kind === 'Relationship'
          ? 3
          : 2;
