import { Refusal } from '#kernel/errors';
import type { Names } from '../jsonld/compile.ts';
import { type Attributes, type Entity, type Instance, VALUE_MEMBER } from '../model.ts';
import { chooseLanguage } from './language.ts';
import { type Projection, shows } from './projection.ts';

export type Representation = 'normalized' | 'concise' | 'simplified';

/** Entities that may stand within those that point to them (clause 4.5.23.2). */
export type Inline = {
  readonly entities: ReadonlyMap<string, Entity>;
  readonly levels: number;
  /** Those that it stands within already: a ring is not followed. */
  readonly above: ReadonlySet<string>;
  /** What is shown may be many times what was read, where many point to one. */
  readonly budget: { left: number };
};

export type Presentation = Projection & {
  readonly names: Names;
  readonly as: Representation;
  readonly sysAttrs?: boolean;
  /** The language filter (clause 4.15). */
  readonly lang?: string;
  readonly inline?: Inline;
};

type Json = Record<string, unknown>;

const wordsOut = (value: unknown, names: Names) =>
  Array.isArray(value) ? value.map((v) => names.compact(String(v))) : names.compact(String(value));

const valueOut = (instance: Instance, { names, lang, as }: Presentation): unknown => {
  const value = instance[VALUE_MEMBER[instance.type]];
  // Clause 4.5.22.2: each is an object of its own; the shorter forms list the URIs.
  if (instance.type === 'ListRelationship' && as === 'normalized' && Array.isArray(value))
    return value.map((object: string) => ({ object }));
  if (instance.type === 'VocabProperty') return wordsOut(value, names);
  if (instance.type !== 'LanguageProperty' || !lang) return value;
  const tag = chooseLanguage(value as Json, lang);
  return tag === undefined ? null : (value as Json)[tag];
};

/** The entity that an id points to, as it stands within the attribute of this name; undefined where it does not. */
const linkedOut = (id: string, name: string, p: Presentation): Json | undefined => {
  const entity = p.inline?.entities.get(id);
  if (!entity || !p.inline || p.inline.levels === 0 || p.inline.above.has(id)) return undefined;
  if (p.inline.budget.left-- === 0)
    throw new Refusal(
      'invalid',
      'Too many linked entities for one answer: ask for fewer levels or entities (clause 4.5.23.1).',
      { results: true },
    );
  const { only: _only, without: _without, hidden: _hidden, links, ...rest } = p;
  return presentEntity(entity, {
    ...rest,
    ...links?.get(name),
    inline: { ...p.inline, levels: p.inline.levels - 1 },
  });
};

const idsIn = (instance: Instance): readonly string[] | undefined => {
  const { object, objectList } = instance;
  return objectList ?? (Array.isArray(object) ? (object as readonly string[]) : undefined);
};

/** The linked entities of an instance as members of it: `entity`, one or many, or `entityList`. */
const linkedMembers = (instance: Instance, name: string, p: Presentation): Json => {
  if (!p.inline) return {};
  const many = idsIn(instance);
  if (many) {
    const found = many.flatMap((id) => linkedOut(id, name, p) ?? []);
    if (found.length === 0) return {};
    return instance.objectList ? { entityList: found } : { entity: found };
  }
  const one = instance.object && linkedOut(instance.object as string, name, p);
  return one ? { entity: one } : {};
};

/** The simplified form of one instance (clause 4.5.4). */
const simplified = (instance: Instance, name: string, p: Presentation): unknown => {
  const value = valueOut(instance, p);
  switch (instance.type) {
    case 'LanguageProperty':
      return p.lang ? value : { languageMap: value };
    case 'VocabProperty':
      return { vocab: value };
    case 'JsonProperty':
      return { json: value };
    case 'Relationship':
    case 'ListRelationship':
      if (!p.inline) return value;
      return Array.isArray(value)
        ? value.map((id) => linkedOut(id as string, name, p) ?? id)
        : (linkedOut(value as string, name, p) ?? value);
    default:
      return value;
  }
};

const isSub = (member: string) => member.includes(':');
/** Members that are names of types. */
const NAMING = new Set(['objectType', 'valueType', 'entityTypeSealed']);
/** Clause 6.3.11. */
const SYSTEM_TIMES = new Set(['createdAt', 'modifiedAt', 'deletedAt', 'expiresAt']);

const members = (instance: Instance, name: string, p: Presentation): Json => {
  const out: Json = {};
  const translated = instance.type === 'LanguageProperty' && p.lang !== undefined;
  for (const [member, value] of Object.entries(instance)) {
    if (member === 'type') continue;
    if (isSub(member))
      out[p.names.compact(member)] = instancesOut(value as readonly Instance[], member, subOf(p));
    else if (SYSTEM_TIMES.has(member)) {
      if (p.sysAttrs) out[member] = value;
    } else if (member === VALUE_MEMBER[instance.type])
      out[translated ? 'value' : member] = valueOut(instance, p);
    else if (NAMING.has(member)) out[member] = wordsOut(value, p.names);
    else out[member] = value;
  }
  if (translated) {
    const tag = chooseLanguage((instance.languageMap ?? {}) as Json, p.lang!);
    if (tag !== undefined) out['lang'] = tag;
  }
  return Object.assign(out, linkedMembers(instance, name, p));
};

/** What sub-attributes point to stays apart. */
const subOf = ({ inline: _inline, ...p }: Presentation): Presentation => p;

const instanceOut = (instance: Instance, name: string, p: Presentation): unknown => {
  if (p.as === 'simplified') return simplified(instance, name, p);
  const out = members(instance, name, p);
  if (p.as === 'normalized')
    return {
      type: instance.type === 'LanguageProperty' && p.lang ? 'Property' : instance.type,
      ...out,
    };
  // Concise: a Property that has nothing but its value is its value (clause 4.5.4).
  const alone =
    Object.keys(out).length === 1 &&
    (instance.type === 'Property' || instance.type === 'GeoProperty');
  const plain = alone && (typeof out['value'] !== 'object' || instance.type === 'GeoProperty');
  return plain ? out['value'] : out;
};

const instancesOut = (instances: readonly Instance[], name: string, p: Presentation): unknown => {
  const [only] = instances;
  if (p.as === 'simplified' && instances.length > 1)
    return {
      dataset: Object.fromEntries(
        instances.map((i) => [i.datasetId ?? '@none', simplified(i, name, p)]),
      ),
    };
  return instances.length === 1 && only
    ? instanceOut(only, name, p)
    : instances.map((i) => instanceOut(i, name, p));
};

const attributesOut = (attributes: Attributes, p: Presentation): Json => {
  const out: Json = {};
  for (const [name, instances] of Object.entries(attributes))
    if (shows(p, name)) out[p.names.compact(name)] = instancesOut(instances, name, p);
  return out;
};

/** As most clients write instants; the database keeps milliseconds. */
const shortInstant = (at: string): string => at.replace('.000Z', 'Z');

const oneOrMany = (list: readonly string[]) => (list.length === 1 ? list[0] : list);

const within = (p: Presentation, id: string): Presentation =>
  p.inline ? { ...p, inline: { ...p.inline, above: new Set([...p.inline.above, id]) } } : p;

/** An entity as clients read it: normalized, concise or simplified (clauses 4.5.1–4.5.4), in the caller's names. */
export const presentEntity = (entity: Entity, p: Presentation): Json => ({
  ...(p.hidden?.has('id') ? {} : { id: entity.id }),
  ...(p.hidden?.has('type') ? {} : { type: oneOrMany(entity.types.map(p.names.compact)) }),
  ...(entity.scopes.length > 0 && !p.hidden?.has('scope')
    ? { scope: oneOrMany(entity.scopes) }
    : {}),
  ...(p.sysAttrs
    ? {
        createdAt: entity.createdAt,
        modifiedAt: entity.modifiedAt,
        ...(entity.expiresAt ? { expiresAt: shortInstant(entity.expiresAt) } : {}),
      }
    : {}),
  ...attributesOut(entity.attributes, within(p, entity.id)),
});

/** The GeoJSON form (clause 4.5.16): the geometry is that of `geometryProperty`, null where there is none. */
export const presentFeature = (
  entity: Entity,
  p: Presentation,
  geometryProperty = 'location',
): Json => {
  const { id, ...properties } = presentEntity(entity, p);
  const [geometry] = entity.attributes[p.names.expand(geometryProperty)] ?? [];
  return {
    ...(id === undefined ? {} : { id }),
    type: 'Feature',
    geometry: geometry?.type === 'GeoProperty' ? geometry.value : null,
    properties,
  };
};
