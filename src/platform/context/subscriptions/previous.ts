import type { Names } from '../jsonld/compile.ts';
import {
  type AttributeKind,
  type Attributes,
  type Entity,
  type Instance,
  NGSI_LD_NULL,
  VALUE_MEMBER,
} from '../model.ts';
import { goneOf } from './changes.ts';

/** Clause 5.2.14.1 names the first three; the other kinds follow suit. */
const PREVIOUS_MEMBER = {
  Property: 'previousValue',
  GeoProperty: 'previousValue',
  Relationship: 'previousObject',
  LanguageProperty: 'previousLanguageMap',
  VocabProperty: 'previousVocab',
  ListProperty: 'previousValueList',
  ListRelationship: 'previousObjectList',
  JsonProperty: 'previousJson',
} as const satisfies Record<AttributeKind, string>;

type Telling = {
  readonly names: Names;
  /** When it changed. */
  readonly at: string;
  readonly form: 'normalized' | 'concise' | 'simplified';
  readonly sysAttrs: boolean;
  readonly showsChanges: boolean;
};

const previousMember = (was: Instance, { names }: Telling): Record<string, unknown> => {
  const value = was[VALUE_MEMBER[was.type]];
  const shown =
    was.type !== 'VocabProperty'
      ? value
      : Array.isArray(value)
        ? value.map((word) => names.compact(String(word)))
        : names.compact(String(value));
  return { [PREVIOUS_MEMBER[was.type]]: shown };
};

/** Clause 5.8.6: of a deleted instance the null alone, unless more is asked for. */
const deleted = (was: Instance, telling: Telling): Instance => {
  const { form, sysAttrs, showsChanges, at } = telling;
  const dataset = was.datasetId === undefined ? {} : { datasetId: was.datasetId };
  const isBare = form !== 'normalized' && !sysAttrs && !showsChanges && !was.datasetId;
  if (form === 'simplified' || isBare) return { type: 'Property', value: NGSI_LD_NULL, ...dataset };
  const nothing = was.type === 'LanguageProperty' ? { '@none': NGSI_LD_NULL } : NGSI_LD_NULL;
  return {
    type: was.type,
    [VALUE_MEMBER[was.type]]: nothing,
    ...dataset,
    ...(showsChanges ? previousMember(was, telling) : {}),
    ...(sysAttrs ? { createdAt: was.createdAt, modifiedAt: was.modifiedAt, deletedAt: at } : {}),
  } as Instance;
};

/** An attribute that is gone with all its instances is told as one, where it had a default instance. */
const worthTelling = (
  gone: readonly Instance[],
  isGone: boolean,
  { showsChanges }: Telling,
): readonly Instance[] => {
  const main = gone.find(({ datasetId }) => datasetId === undefined);
  return isGone && main && !showsChanges ? [main] : gone;
};

/** The entity with its deleted instances as nulls and, where they are asked for, with the previous values of the others. */
export const withPrevious = (entity: Entity, previous: Attributes, telling: Telling): Entity => {
  const attributes: Record<string, readonly Instance[]> = { ...entity.attributes };
  for (const [name, was] of Object.entries(previous)) {
    const living = attributes[name] ?? [];
    const gone = worthTelling(goneOf(was, living), living.length === 0, telling);
    const told = telling.showsChanges
      ? living.map((one) => {
          const before = was.find(({ datasetId }) => datasetId === one.datasetId);
          return before ? ({ ...one, ...previousMember(before, telling) } as Instance) : one;
        })
      : living;
    const all = [...told, ...gone.map((one) => deleted(one, telling))];
    if (all.length > 0) attributes[name] = all;
  }
  return { ...entity, attributes };
};
