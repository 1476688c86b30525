import type { Names } from '../jsonld/compile.ts';
import { type Attributes, type Entity, type Instance, valueOf } from '../model.ts';

/** Members of attributes that a version has not, by the minor number that brought them (tables 4.3.6.8-2 and -3). */
const BROUGHT: Readonly<Record<string, number>> = {
  datasetId: 3,
  observedAt: 3,
  unitCode: 3,
  objectType: 8,
  valueType: 9,
  expiresAt: 9,
};
/** Kinds of attributes likewise, and what they are told as before (table 4.3.6.8-1). */
const KINDS: Readonly<Partial<Record<Instance['type'], { since: number; as: Instance['type'] }>>> =
  {
    LanguageProperty: { since: 4, as: 'Property' },
    JsonProperty: { since: 8, as: 'Property' },
    VocabProperty: { since: 8, as: 'Property' },
    ListProperty: { since: 8, as: 'Property' },
    ListRelationship: { since: 8, as: 'Relationship' },
  };
const VALUES = ['value', 'object', 'languageMap', 'vocab', 'valueList', 'objectList', 'json'];

const instanceTo = (instance: Instance, minor: number, names: Names): Instance => {
  const kind = KINDS[instance.type];
  const told = kind && minor < kind.since ? kind.as : instance.type;
  const kept = Object.entries(instance).filter(
    ([member]) =>
      (BROUGHT[member] ?? 0) <= minor && (told === instance.type || !VALUES.includes(member)),
  );
  const inner = kept.map(([member, value]) => [
    member,
    member.includes(':') ? instancesTo(value as readonly Instance[], minor, names) : value,
  ]);
  const isSame =
    told === instance.type &&
    kept.length === Object.keys(instance).length &&
    inner.every(([, value], n) => value === kept[n]![1]);
  if (isSame) return instance;
  const rest = Object.fromEntries(inner) as Instance;
  if (told === instance.type) return rest;
  const value = valueOf(instance);
  const words = (word: unknown) => names.compact(String(word));
  if (told === 'Relationship') return { ...rest, type: told, object: value as readonly string[] };
  return {
    ...rest,
    type: told,
    value:
      instance.type !== 'VocabProperty'
        ? value
        : Array.isArray(value)
          ? value.map(words)
          : words(value),
  };
};

const instancesTo = (
  instances: readonly Instance[],
  minor: number,
  names: Names,
): readonly Instance[] => {
  const told = (minor < 3 ? instances.slice(0, 1) : instances).map((one) =>
    instanceTo(one, minor, names),
  );
  const isSame = told.length === instances.length && told.every((one, n) => one === instances[n]);
  return isSame ? instances : told;
};

/** Where the clause says from which version on there are expiry, scopes and more types than one. */
const [EXPIRY, SCOPES, TYPES] = [9, 4, 3];

/**
 * An entity as version 1.`minor` of the standard has it (clause 4.3.6.8); the same object where that is no other than
 * what it is.
 */
export const toEarlier = (entity: Entity, minor: number, names: Names): Entity => {
  const attributes: Record<string, readonly Instance[]> = {};
  let changed = false;
  for (const [name, instances] of Object.entries<Attributes[string]>(entity.attributes)) {
    attributes[name] = instancesTo(instances, minor, names);
    changed ||= attributes[name] !== instances;
  }
  const { expiresAt, ...rest } = entity;
  const expires = expiresAt !== undefined && minor < EXPIRY;
  const scoped = entity.scopes.length > 0 && minor < SCOPES;
  const typed = entity.types.length > 1 && minor < TYPES;
  if (!changed && !expires && !scoped && !typed) return entity;
  return {
    ...rest,
    attributes,
    ...(expiresAt !== undefined && !expires ? { expiresAt } : {}),
    ...(scoped ? { scopes: [] } : {}),
    ...(typed ? { types: entity.types.slice(0, 1) } : {}),
  };
};
