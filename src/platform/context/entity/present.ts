import type { Names } from '../jsonld/compile.ts';
import { type Attributes, type Entity, type Instance, VALUE_MEMBER } from '../model.ts';

export type Representation = 'normalized' | 'concise' | 'simplified';

export type Presentation = {
  readonly names: Names;
  readonly as: Representation;
  readonly sysAttrs?: boolean;
  /** Only these attributes, by full name. */
  readonly only?: ReadonlySet<string>;
  readonly without?: ReadonlySet<string>;
  /** Natural language to choose from language maps (clause 4.15): a tag, or `*`. */
  readonly lang?: string;
};

type Json = Record<string, unknown>;

const wordsOut = (value: unknown, names: Names) =>
  Array.isArray(value) ? value.map((v) => names.compact(String(v))) : names.compact(String(value));

/** Clause 4.15: the text in the language asked for, else that without a language, else any. */
const inLanguage = (
  map: Readonly<Record<string, unknown>>,
  lang: string,
): { text: unknown; tag: string } => {
  const base = lang.split('-')[0]!;
  const tag = [lang, base, '@none', 'en', ...Object.keys(map)].find((t) => t in map) ?? '@none';
  return { text: map[tag], tag };
};

const valueOut = (instance: Instance, { names, lang }: Presentation): unknown => {
  const value = instance[VALUE_MEMBER[instance.type]];
  if (instance.type === 'VocabProperty') return wordsOut(value, names);
  if (instance.type === 'LanguageProperty' && lang && lang !== '*')
    return inLanguage(value as Json, lang).text;
  return value;
};

/** The simplified form of one instance (clause 4.5.4). */
const simplified = (instance: Instance, p: Presentation): unknown => {
  const value = valueOut(instance, p);
  switch (instance.type) {
    case 'LanguageProperty':
      return p.lang && p.lang !== '*' ? value : { languageMap: value };
    case 'VocabProperty':
      return { vocab: value };
    case 'JsonProperty':
      return { json: value };
    default:
      return value;
  }
};

const isSub = (member: string) => member.includes(':');

const members = (instance: Instance, p: Presentation): Json => {
  const out: Json = {};
  const translated = instance.type === 'LanguageProperty' && p.lang && p.lang !== '*';
  for (const [member, value] of Object.entries(instance)) {
    if (member === 'type') continue;
    if (isSub(member))
      out[p.names.compact(member)] = instancesOut(value as readonly Instance[], {
        ...p,
        sysAttrs: false,
      });
    else if (member === 'createdAt' || member === 'modifiedAt') {
      if (p.sysAttrs) out[member] = value;
    } else if (member === VALUE_MEMBER[instance.type])
      out[translated ? 'value' : member] = valueOut(instance, p);
    else if (member === 'objectType') out[member] = wordsOut(value, p.names);
    else out[member] = value;
  }
  if (translated) out['lang'] = inLanguage((instance.languageMap ?? {}) as Json, p.lang!).tag;
  return out;
};

const instanceOut = (instance: Instance, p: Presentation): unknown => {
  if (p.as === 'simplified') return simplified(instance, p);
  const out = members(instance, p);
  if (p.as === 'normalized')
    return {
      type:
        instance.type === 'LanguageProperty' && p.lang && p.lang !== '*'
          ? 'Property'
          : instance.type,
      ...out,
    };
  // Concise: a Property that has nothing but its value is its value (clause 4.5.4).
  const alone =
    Object.keys(out).length === 1 &&
    (instance.type === 'Property' || instance.type === 'GeoProperty');
  const plain = alone && (typeof out['value'] !== 'object' || instance.type === 'GeoProperty');
  return plain ? out['value'] : out;
};

const instancesOut = (instances: readonly Instance[], p: Presentation): unknown => {
  const [only] = instances;
  if (p.as === 'simplified' && instances.length > 1)
    return {
      dataset: Object.fromEntries(instances.map((i) => [i.datasetId ?? '@none', simplified(i, p)])),
    };
  return instances.length === 1 && only
    ? instanceOut(only, p)
    : instances.map((i) => instanceOut(i, p));
};

const attributesOut = (attributes: Attributes, p: Presentation): Json => {
  const out: Json = {};
  for (const [name, instances] of Object.entries(attributes))
    if ((!p.only || p.only.has(name)) && !p.without?.has(name))
      out[p.names.compact(name)] = instancesOut(instances, p);
  return out;
};

const oneOrMany = (list: readonly string[]) => (list.length === 1 ? list[0] : list);

/** An entity as clients read it: normalized, concise or simplified (clauses 4.5.1–4.5.4), in the caller's names. */
export const presentEntity = (entity: Entity, p: Presentation): Json => ({
  id: entity.id,
  type: oneOrMany(entity.types.map(p.names.compact)),
  ...(entity.scopes.length > 0 ? { scope: oneOrMany(entity.scopes) } : {}),
  ...(p.sysAttrs ? { createdAt: entity.createdAt, modifiedAt: entity.modifiedAt } : {}),
  ...(entity.expiresAt ? { expiresAt: entity.expiresAt } : {}),
  ...attributesOut(entity.attributes, p),
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
    id,
    type: 'Feature',
    geometry: geometry?.type === 'GeoProperty' ? geometry.value : null,
    properties,
  };
};
