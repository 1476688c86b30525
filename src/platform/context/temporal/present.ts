import { presentEntity, type Presentation } from '../entity/present.ts';
import { chooseLanguage } from '../entity/language.ts';
import { shows } from '../entity/projection.ts';
import { SCOPE } from '../jsonld/core-context.ts';
import type { Instance } from '../model.ts';
import type { Aggregated } from './aggregate.ts';
import { instanceIdOf } from './instance-id.ts';
import type { TimeProperty } from './interval.ts';
import type { Point } from './points.ts';
import { SIMPLIFIED } from './simplified.ts';
import type { Subject } from './subjects.ts';

type Json = Record<string, unknown>;

const ZERO_FRACTION = /\.000Z$/;
/** An instant as it is mostly written: without a fraction where that is nought. */
const shortInstant = (instant: string): string => instant.replace(ZERO_FRACTION, 'Z');

const headOf = (subject: Subject, p: Presentation, scopes: readonly string[] = []): Json => {
  const { id, types, createdAt, modifiedAt, deletedAt } = subject;
  const sysAttrs = p.sysAttrs === true && createdAt !== null && modifiedAt !== null;
  const head = presentEntity(
    { id, types, scopes, attributes: {}, createdAt: createdAt ?? '', modifiedAt: modifiedAt ?? '' },
    { ...p, sysAttrs },
  );
  return sysAttrs && deletedAt ? { ...head, deletedAt } : head;
};

const isShown = (name: string, p: Presentation): boolean =>
  name === SCOPE ? !p.hidden?.has('scope') : shows(p, name);

const byName = (points: readonly Point[], p: Presentation): Map<string, Point[]> =>
  Map.groupBy(
    points.filter(({ name }) => isShown(name, p)),
    ({ name }) => name,
  );

/** Of the times of clause 6.3.11 an instance shows the one that was asked about, a deletion's own, and with sysAttrs all. */
const withoutTimes = (json: Json, p: Presentation, property: TimeProperty): Json => {
  if (p.sysAttrs) return json;
  const { createdAt, modifiedAt, expiresAt: _expiresAt, ...rest } = json;
  if (property === 'createdAt' && createdAt !== undefined) return { ...rest, createdAt };
  return property === 'modifiedAt' && modifiedAt !== undefined ? { ...rest, modifiedAt } : rest;
};

const IN_TURN = { only: undefined, without: undefined, hidden: undefined };

/** The temporal representation (clauses 4.5.6 to 4.5.8): each attribute by its instances, in the order given. */
export const presentEvolution = (
  subject: Subject,
  points: readonly Point[],
  p: Presentation,
  property: TimeProperty,
): Json => {
  const out = headOf(subject, p);
  const { only: _only, without: _without, hidden: _hidden, ...whole } = { ...p, ...IN_TURN };
  for (const [name, list] of byName(points, p)) {
    const attributes = {
      [name]: list.map(({ seq, instance }) => ({
        ...instance,
        instanceId: instanceIdOf(seq, name, instance),
      })),
    };
    const shown = presentEntity(
      { id: subject.id, types: [], scopes: [], attributes, createdAt: '', modifiedAt: '' },
      { ...whole, sysAttrs: true },
    );
    const member = p.names.compact(name);
    const instances = shown[member];
    out[member] = (Array.isArray(instances) ? instances : [instances]).map((one: unknown) =>
      withoutTimes(one as Json, p, property),
    );
  }
  return out;
};

const translated = (instance: Instance, lang: string): unknown => {
  const { languageMap = {} } = instance;
  const tag = chooseLanguage(languageMap, lang);
  return tag === undefined ? null : languageMap[tag];
};

const compactWords = (value: unknown, p: Presentation): unknown =>
  Array.isArray(value)
    ? value.map((word) => p.names.compact(String(word)))
    : p.names.compact(String(value));

const simplifiedValue = (instance: Instance, p: Presentation): unknown => {
  if (instance.type === 'LanguageProperty' && p.lang !== undefined)
    return translated(instance, p.lang);
  const { wrapped, holds } = SIMPLIFIED[instance.type];
  const stored = (instance as unknown as Json)[holds];
  const value =
    instance.type === 'VocabProperty' && instance.deletedAt === undefined
      ? compactWords(stored, p)
      : stored;
  return wrapped ? { [holds]: value } : value;
};

const oneOrMany = (items: readonly unknown[]): unknown => (items.length === 1 ? items[0] : items);

/** The time that goes with a value: as the source wrote it, else as the system did. */
const timeOf = ({ instance, time }: Point, property: TimeProperty): string =>
  instance[property] ?? shortInstant(time);

/** The simplified temporal representation (clause 4.5.9): pairs of a value and its time, one list a dataset and type. */
export const presentValues = (
  subject: Subject,
  points: readonly Point[],
  p: Presentation,
  property: TimeProperty,
): Json => {
  const out = headOf(subject, p);
  for (const [name, list] of byName(points, p)) {
    const groups = Map.groupBy(
      list,
      ({ instance }) => `${instance.type} ${instance.datasetId ?? ''}`,
    );
    out[p.names.compact(name)] = oneOrMany(
      Array.from(groups.values(), (group) => {
        const [{ instance }] = group as [Point];
        const type =
          instance.type === 'LanguageProperty' && p.lang !== undefined ? 'Property' : instance.type;
        return {
          type,
          ...(instance.datasetId ? { datasetId: instance.datasetId } : {}),
          [SIMPLIFIED[type].member]: group.map((point) => [
            simplifiedValue(point.instance, p),
            timeOf(point, property),
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
  const out = headOf(subject, p, subject.scopes);
  for (const { name, isRelationship, methods } of aggregated) {
    if (name === SCOPE || !shows(p, name)) continue;
    const made = Object.entries(methods).filter(([, triples]) => triples.length > 0);
    if (made.length > 0)
      out[p.names.compact(name)] = {
        type: isRelationship ? 'Relationship' : 'Property',
        ...Object.fromEntries(made),
      };
  }
  return out;
};
