import { type Instance, NGSI_LD_NULL, VALUE_MEMBER } from '../model.ts';

/** Whether a sent instance asks for the removal of the stored one (clause 4.5.0, 5.5.12). */
export const asksForRemoval = (sent: Instance): boolean => {
  const value = sent[VALUE_MEMBER[sent.type]];
  if (value === NGSI_LD_NULL) return true;
  // A language map says it as {"@none": "urn:ngsi-ld:null"} (clause 4.5.18).
  return (
    sent.type === 'LanguageProperty' &&
    (value as Record<string, unknown>)?.['@none'] === NGSI_LD_NULL
  );
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7396 with "urn:ngsi-ld:null" in the place of null (clause 5.5.12). */
const mergeJson = (stored: unknown, sent: unknown): unknown => {
  if (!isObject(sent)) return sent;
  const merged: Record<string, unknown> = isObject(stored) ? { ...stored } : {};
  for (const [key, value] of Object.entries(sent))
    if (value === NGSI_LD_NULL) delete merged[key];
    else merged[key] = mergeJson(merged[key], value);
  return merged;
};

const isGeometry = (value: unknown) => isObject(value) && 'coordinates' in value;

const subAttribute = (instance: Instance, iri: string) =>
  instance[iri as `${string}:${string}`] ?? [];

/** One instance, its members merged one by one: the value deeply, sub-attributes by their own instances. */
const mergeInstance = (stored: Instance, sent: Instance): Instance => {
  if (stored.type !== sent.type && VALUE_MEMBER[sent.type] in sent) return sent;
  const merged: Record<string, unknown> = { ...stored };
  for (const [member, value] of Object.entries(sent)) {
    if (member === 'type') continue;
    if (value === NGSI_LD_NULL) delete merged[member];
    else if (member.includes(':')) {
      const kept = mergeInstances(subAttribute(stored, member), value as readonly Instance[]);
      if (kept.length > 0) merged[member] = kept;
      else delete merged[member];
    } else if (isGeometry(value)) merged[member] = value;
    else merged[member] = mergeJson(merged[member], value);
  }
  return merged as Instance;
};

/** The instances of one attribute after those sent were merged into those of the same datasetId. */
export const mergeInstances = (
  stored: readonly Instance[],
  sent: readonly Instance[],
): readonly Instance[] => {
  const merged = new Map(stored.map((instance) => [instance.datasetId, instance]));
  for (const instance of sent) {
    const before = merged.get(instance.datasetId);
    if (asksForRemoval(instance)) merged.delete(instance.datasetId);
    else
      merged.set(
        instance.datasetId,
        before ? mergeInstance(before, instance) : mergeInstance({ type: instance.type }, instance),
      );
  }
  return [...merged.values()];
};

/** Those sent take the place of the stored ones with the same datasetId (clause 5.6.2, 5.6.3); null removes. */
export const replaceInstances = (
  stored: readonly Instance[],
  sent: readonly Instance[],
): readonly Instance[] => {
  const result = new Map(stored.map((instance) => [instance.datasetId, instance]));
  for (const instance of sent)
    if (asksForRemoval(instance)) result.delete(instance.datasetId);
    else result.set(instance.datasetId, instance);
  return [...result.values()];
};
