import { presentEntity, type Presentation } from '../entity/present.ts';
import { type Attributes, type Instance, VALUE_MEMBER } from '../model.ts';
import type { Aggregated, Method } from './aggregate.ts';
import type { TimeProperty } from './interval.ts';
import type { Point } from './points.ts';

type Json = Record<string, unknown>;
export type Subject = {
  readonly id: string;
  readonly types: readonly string[];
  readonly scopes: readonly string[];
  readonly createdAt: string | null;
  readonly modifiedAt: string | null;
};

const groupBy = <T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
};

const headOf = (subject: Subject, p: Presentation): Json => {
  const { createdAt, modifiedAt } = subject;
  const isKnown = createdAt !== null && modifiedAt !== null;
  return presentEntity(
    { ...subject, attributes: {}, createdAt: createdAt ?? '', modifiedAt: modifiedAt ?? '' },
    { ...p, sysAttrs: p.sysAttrs === true && isKnown },
  );
};

/** Of the times the system sets, an instance shows the one that was asked about, and with sysAttrs both. */
const withTimes = (json: unknown, p: Presentation, property: TimeProperty): unknown => {
  if (p.sysAttrs || typeof json !== 'object' || json === null) return json;
  const hidden = ['createdAt', 'modifiedAt'].filter((name) => name !== property);
  return Object.fromEntries(Object.entries(json).filter(([name]) => !hidden.includes(name)));
};

/** The temporal representation (clauses 4.5.6 to 4.5.8): each attribute by its instances, in the order given. */
export const presentEvolution = (
  subject: Subject,
  points: readonly Point[],
  p: Presentation,
  property: TimeProperty,
): Json => {
  const named = groupBy(points, ({ name }) => name);
  const attributes: Attributes = Object.fromEntries(
    [...named].map(([name, list]) => [name, list.map(({ instance }) => instance)]),
  );
  const head = headOf(subject, p);
  const whole = presentEntity(
    { id: subject.id, types: subject.types, scopes: [], attributes, createdAt: '', modifiedAt: '' },
    { ...p, sysAttrs: true },
  );
  const { id: _id, type: _type, createdAt: _created, modifiedAt: _modified, ...shown } = whole;
  const timed = Object.entries(shown).map(([name, list]) => [
    name,
    (Array.isArray(list) ? list : [list]).map((one: unknown) => withTimes(one, p, property)),
  ]);
  return { ...head, ...(Object.fromEntries(timed) as Json) };
};

/** Clause 4.5.9: the member that holds the pairs, and whether each value is wrapped in its own member. */
const SIMPLIFIED: Readonly<Record<Instance['type'], { member: string; wrapped: boolean }>> = {
  Property: { member: 'values', wrapped: false },
  GeoProperty: { member: 'values', wrapped: false },
  LanguageProperty: { member: 'languageMaps', wrapped: true },
  VocabProperty: { member: 'vocabs', wrapped: true },
  ListProperty: { member: 'valueLists', wrapped: false },
  JsonProperty: { member: 'jsons', wrapped: true },
  Relationship: { member: 'objects', wrapped: false },
  ListRelationship: { member: 'objectLists', wrapped: false },
};

const simplifiedValue = (instance: Instance, p: Presentation): unknown => {
  const member = VALUE_MEMBER[instance.type];
  const value = instance[member];
  if (instance.type !== 'VocabProperty')
    return SIMPLIFIED[instance.type].wrapped ? { [member]: value } : value;
  return {
    vocab: Array.isArray(value)
      ? value.map((v) => p.names.compact(String(v)))
      : p.names.compact(String(value)),
  };
};

const isShown = (name: string, p: Presentation): boolean =>
  (!p.only || p.only.has(name)) && !p.without?.has(name);
const oneOrMany = (items: readonly unknown[]): unknown => (items.length === 1 ? items[0] : items);

/** The simplified temporal representation (clause 4.5.9): pairs of a value and its time, one list a dataset and type. */
export const presentValues = (
  subject: Subject,
  points: readonly Point[],
  p: Presentation,
): Json => {
  const out = headOf(subject, p);
  for (const [name, list] of groupBy(
    points.filter((point) => isShown(point.name, p)),
    (point) => point.name,
  )) {
    const groups = groupBy(list, ({ instance }) => `${instance.type} ${instance.datasetId ?? ''}`);
    out[p.names.compact(name)] = oneOrMany(
      [...groups.values()].map((group) => {
        const [{ instance }] = group as [Point];
        return {
          type: instance.type,
          ...(instance.datasetId ? { datasetId: instance.datasetId } : {}),
          [SIMPLIFIED[instance.type].member]: group.map((point) => [
            simplifiedValue(point.instance, p),
            point.time,
          ]),
        };
      }),
    );
  }
  return out;
};

/** The aggregated temporal representation (clause 4.5.19.0): for each method, triples of a value and its period. */
export const presentAggregated = (
  subject: Subject,
  aggregated: readonly Aggregated[],
  p: Presentation,
): Json => {
  const out = headOf(subject, p);
  for (const [name, list] of groupBy(
    aggregated.filter((one) => isShown(one.name, p)),
    (one) => one.name,
  )) {
    const methods: Partial<Record<Method, unknown[]>> = {};
    for (const { values, start, end } of list)
      for (const [method, value] of Object.entries(values))
        (methods[method as Method] ??= []).push([value, start, end]);
    if (Object.keys(methods).length > 0)
      out[p.names.compact(name)] = {
        type: list[0]!.isRelationship ? 'Relationship' : 'Property',
        ...methods,
      };
  }
  return out;
};
