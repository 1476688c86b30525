import type { AttributeKind, Instance } from '../model.ts';
import { asksForRemoval } from './merge.ts';
import { isUri } from './uri.ts';

/** How bare values are to be understood that are merged into attributes (clause 5.6.17, Table 6.5.3.4-1). */
export type Understanding = {
  /** The fragment is in the simplified form: attributes stay of the kind that they are. */
  readonly simplified?: boolean;
  /** The natural language of texts that are merged into language maps. */
  readonly lang?: string;
};

const isText = (value: unknown) =>
  typeof value === 'string' ||
  (Array.isArray(value) && value.every((text) => typeof text === 'string'));

/** A bare value as an instance of this kind, or undefined where it cannot be one. */
const instanceOf = (kind: AttributeKind, value: unknown): Instance | undefined => {
  const isList = Array.isArray(value);
  switch (kind) {
    case 'Property':
      return { type: kind, value };
    case 'Relationship':
      return (isList ? value : [value]).every(isUri)
        ? { type: kind, object: value as string | string[] }
        : undefined;
    case 'ListProperty':
      return isList ? { type: kind, valueList: value } : undefined;
    case 'ListRelationship':
      return isList && value.every(isUri) ? { type: kind, objectList: value } : undefined;
    case 'JsonProperty':
      return typeof value === 'object' ? { type: kind, json: value } : undefined;
    default:
      return undefined;
  }
};

/** A sent instance as one of the kind that is there, where it stands for that; undefined where it may not be merged. */
export const adapt = (
  stored: readonly Instance[],
  sent: Instance,
  { simplified, lang }: Understanding,
): Instance | undefined => {
  const before = stored.find(({ datasetId }) => datasetId === sent.datasetId);
  if (!before || before.type === sent.type || asksForRemoval(sent)) return sent;
  if (sent.type !== 'Property' && sent.type !== 'GeoProperty') return simplified ? undefined : sent;
  const { type: _type, value, ...rest } = sent;
  if (before.type === 'LanguageProperty' && lang !== undefined && isText(value))
    return { ...rest, type: before.type, languageMap: { [lang]: value as string | string[] } };
  if (!simplified) return sent;
  const instance = instanceOf(before.type, value);
  return instance && { ...rest, ...instance };
};
