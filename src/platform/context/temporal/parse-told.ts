import { Refusal } from '#kernel/errors';
import { parseInstant } from '#kernel/time';
import { deletedInstance } from '../entity/deleted.ts';
import { type EntityReading, parseEntity } from '../entity/parse.ts';
import { parseInstances } from '../entity/parse-attribute.ts';
import type { Names } from '../jsonld/compile.ts';
import { SCOPE } from '../jsonld/core-context.ts';
import { type Instance, NGSI_LD_NULL, VALUE_MEMBER } from '../model.ts';
import { SIMPLIFIED } from './simplified.ts';

/** Instances told in one request: some megabytes. */
const INSTANCES_MAX = 10_000;
const ATTRIBUTES_MAX = 1_000;
const OWN = new Set(['id', '@id', 'type', '@type', 'scope', '@context', 'expiresAt']);
/** Set by the system, so passed over where a client sends back what it read (clause 5.2.4). */
const SYSTEM = new Set(['createdAt', 'modifiedAt', 'deletedAt']);

type Json = Readonly<Record<string, unknown>>;

/** What the temporal API tells of an entity: instances in any order, several of one dataset (clause 5.2.20). */
export type Told = {
  readonly id: string;
  readonly types: readonly string[];
  readonly instances: readonly { readonly name: string; readonly instance: Instance }[];
};

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Clause 4.5.9, read backwards: pairs of a value and its time as instances; undefined where it is none of that form. */
const unsimplified = (value: Json): Json[] | undefined => {
  const stated = Object.entries(SIMPLIFIED).find(
    ([kind, { member }]) =>
      Array.isArray(value[member]) && (value['type'] ?? kind) === kind && !('value' in value),
  );
  if (!stated) return undefined;
  const [type, { member, wrapped, holds }] = stated;
  return (value[member] as unknown[]).map((pair) => {
    if (!Array.isArray(pair) || pair.length !== 2 || (wrapped && !isObject(pair[0])))
      throw new Refusal('invalid', `${member} holds pairs of a value and its time (clause 4.5.9).`);
    const [told, observedAt] = pair as [unknown, unknown];
    return {
      type,
      [holds]: wrapped ? (told as Json)[holds] : told,
      observedAt,
      ...(value['datasetId'] === undefined ? {} : { datasetId: value['datasetId'] }),
    };
  });
};

const instantOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && parseInstant(value) !== undefined ? value : otherwise;

/** Clause 4.5.0, as each kind of attribute says it. */
const tellsOfDeletion = (json: Json): boolean =>
  Object.values(VALUE_MEMBER).some((member) => json[member] === NGSI_LD_NULL) ||
  (isObject(json['languageMap']) && json['languageMap']['@none'] === NGSI_LD_NULL);

/** One instance; "urn:ngsi-ld:null" as its value tells of a deletion (clauses 4.5.7 and 5.5.4). */
const parseOne = (member: string, json: unknown, names: Names, now: string): Instance => {
  if (!isObject(json))
    throw new Refusal('invalid', `${member} holds instances, each an object (clause 4.5.7).`, {
      member,
    });
  const nulls = tellsOfDeletion(json);
  const [instance] = parseInstances(member, json, names, { nulls });
  if (!instance || !nulls) return instance!;
  const { type, datasetId, observedAt } = instance;
  const at = observedAt === NGSI_LD_NULL ? undefined : observedAt;
  return {
    ...deletedInstance(type, datasetId, instantOr(json['deletedAt'], at ?? now)),
    ...(at === undefined ? {} : { observedAt: at }),
  };
};

/** The value of a scope's instance: one scope or several (clause 4.5.6). */
const parseScopeInstance = (json: unknown, names: Names, now: string): Instance => {
  const instance = parseOne('scope', json, names, now);
  if (instance.deletedAt !== undefined) return instance;
  const { scopes = [] } = parseEntity({ id: 'urn:scope', scope: instance.value }, names, {
    fragment: true,
  });
  if (instance.type !== 'Property' || scopes.length === 0)
    throw new Refusal(
      'invalid',
      'An instance of scope is a Property that holds scopes (clause 4.5.6).',
    );
  return { ...instance, value: scopes.length === 1 ? scopes[0] : scopes };
};

/** The instances of one member, in its temporal or simplified form. Throws Refusal('invalid') naming the member. */
export const parseToldInstances = (
  member: string,
  value: unknown,
  names: Names,
  now: string,
): Instance[] => {
  const one = member === 'scope' ? parseScopeInstance : undefined;
  const pairs = isObject(value) ? unsimplified(value) : undefined;
  const list = pairs ?? (Array.isArray(value) ? (value as unknown[]) : [value]);
  return list.map((json) => (one ? one(json, names, now) : parseOne(member, json, names, now)));
};

/** Scopes that are told of plainly hold from the first instant that is told of. */
const plainScope = (value: unknown, names: Names, told: readonly Instance[], now: string) => {
  const { scopes = [] } = parseEntity({ id: 'urn:scope', scope: value }, names, { fragment: true });
  if (scopes.length === 0) return [];
  const times = told.flatMap(({ observedAt }) => observedAt ?? []);
  const observedAt = times.reduce(
    (a, b) => (parseInstant(b)! < parseInstant(a)! ? b : a),
    times[0] ?? now,
  );
  const instance: Instance = {
    type: 'Property',
    value: scopes.length === 1 ? scopes[0] : scopes,
    observedAt,
  };
  return [{ name: SCOPE, instance }];
};

const isPlainScope = (value: unknown): boolean =>
  typeof value === 'string' || (Array.isArray(value) && value.every((v) => typeof v === 'string'));

/**
 * An EntityTemporal or a fragment of one (clause 5.2.20), in its temporal representation (4.5.6 – 4.5.8) or the
 * simplified one (4.5.9), expanded and checked. Throws Refusal('invalid') naming the member at fault.
 */
export const parseTold = (
  json: unknown,
  names: Names,
  now: string,
  reading: EntityReading = {},
): Told => {
  if (!isObject(json)) throw new Refusal('invalid', 'The evolution of an entity is a JSON object.');
  const { expiresAt } = json;
  const head = parseEntity(
    Object.fromEntries(
      ['id', '@id', 'type', '@type', 'expiresAt'].flatMap((name) =>
        json[name] === undefined ? [] : [[name, json[name]]],
      ),
    ),
    names,
    reading,
  );
  if (expiresAt !== undefined)
    throw new Refusal(
      'not-implemented',
      'expiresAt is of the entity, not of its history, which is kept by its type.',
    );
  const members = Object.entries(json).filter(([name]) => !OWN.has(name) && !SYSTEM.has(name));
  if (members.length > ATTRIBUTES_MAX)
    throw new Refusal('too-large', `An entity has at most ${ATTRIBUTES_MAX} attributes.`);
  const instances = members.flatMap(([member, value]) =>
    parseToldInstances(member, value, names, now).map((instance) => ({
      name: names.expand(member),
      instance,
    })),
  );
  const { scope } = json;
  if (isPlainScope(scope))
    instances.push(
      ...plainScope(
        scope,
        names,
        instances.map((told) => told.instance),
        now,
      ),
    );
  else if (scope !== undefined)
    for (const instance of parseToldInstances('scope', scope, names, now))
      instances.push({ name: SCOPE, instance });
  if (instances.length > INSTANCES_MAX)
    throw new Refusal('too-large', `One request tells of at most ${INSTANCES_MAX} instances.`);
  return { id: head.id, types: head.types, instances };
};
