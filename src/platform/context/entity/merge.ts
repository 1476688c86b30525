import { type Instance, NGSI_LD_NULL, VALUE_MEMBER } from '../model.ts';

/** Whether a sent instance asks for the removal of the stored one (clause 4.5.0, 5.5.12). */
export const asksForRemoval = (sent: Instance): boolean => {
  const value = sent[VALUE_MEMBER[sent.type]];
  if (value === NGSI_LD_NULL) return true;
  if (sent.type !== 'LanguageProperty' || value === undefined) return false;
  // A language map says it as {"@none": "urn:ngsi-ld:null"} and nothing else (clause 4.5.18).
  const map = value as Readonly<Record<string, unknown>>;
  return map['@none'] === NGSI_LD_NULL && Object.keys(map).length === 1;
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

const subAttribute = (instance: Record<string, unknown>, name: string) =>
  (instance[name] ?? []) as readonly Instance[];

/** How what is sent changes what is stored, of a sub-attribute and of any other member. */
type Way = {
  readonly sub: (stored: readonly Instance[], sent: readonly Instance[]) => readonly Instance[];
  readonly member: (stored: unknown, sent: unknown) => unknown;
};

const change = (stored: Instance, sent: Instance, { sub, member }: Way): Instance => {
  const changed: Record<string, unknown> = { ...stored };
  for (const [name, value] of Object.entries(sent)) {
    if (name === 'type') continue;
    if (value === NGSI_LD_NULL) delete changed[name];
    else if (name.includes(':')) {
      const kept = sub(subAttribute(changed, name), value as readonly Instance[]);
      if (kept.length > 0) changed[name] = kept;
      else delete changed[name];
    } else changed[name] = member(changed[name], value);
  }
  return changed as Instance;
};

const MERGE: Way = {
  sub: (stored, sent) => mergeInstances(stored, sent),
  member: (stored, sent) => (isGeometry(sent) ? sent : mergeJson(stored, sent)),
};

/** One instance, its members merged one by one: the value deeply, sub-attributes by their own instances. */
const mergeInstance = (stored: Instance, sent: Instance): Instance =>
  stored.type !== sent.type && VALUE_MEMBER[sent.type] in sent
    ? withoutNulls(sent, MERGE)
    : change(stored, sent, MERGE);

/** What is left of an instance where the null word names nothing that is there. */
const withoutNulls = (sent: Instance, way: Way): Instance => change({ type: sent.type }, sent, way);

/** The instances of one attribute, each sent one changed into that of the same datasetId. */
const changeInstances = (
  stored: readonly Instance[],
  sent: readonly Instance[],
  each: (before: Instance | undefined, sent: Instance) => Instance,
): readonly Instance[] => {
  const changed = new Map(stored.map((instance) => [instance.datasetId, instance]));
  for (const instance of sent)
    if (asksForRemoval(instance)) changed.delete(instance.datasetId);
    else changed.set(instance.datasetId, each(changed.get(instance.datasetId), instance));
  return [...changed.values()];
};

/** The instances of one attribute after those sent were merged into those of the same datasetId (clause 5.5.12). */
export const mergeInstances = (
  stored: readonly Instance[],
  sent: readonly Instance[],
): readonly Instance[] =>
  changeInstances(stored, sent, (before, one) =>
    before ? mergeInstance(before, one) : withoutNulls(one, MERGE),
  );

const REPLACE: Way = {
  sub: (stored, sent) => replaceInstances(stored, sent),
  member: (_stored, sent) => sent,
};

const holdsNull = (instance: Instance): boolean => {
  for (const name in instance) {
    const value = (instance as Record<string, unknown>)[name];
    if (value === NGSI_LD_NULL) return true;
    if (Array.isArray(value) && name.includes(':')) {
      const subs = value as readonly Instance[];
      if (subs.some((sub) => asksForRemoval(sub) || holdsNull(sub))) return true;
    }
  }
  return false;
};

/** Most of what is sent removes nothing, and is kept as it came. */
const replacing = (sent: Instance): Instance =>
  holdsNull(sent) ? withoutNulls(sent, REPLACE) : sent;

/** Those sent take the place of the stored ones with the same datasetId (clause 5.6.2, 5.6.3); null removes. */
export const replaceInstances = (
  stored: readonly Instance[],
  sent: readonly Instance[],
): readonly Instance[] => changeInstances(stored, sent, (_before, one) => replacing(one));

/** Members sent take the place of those of the stored instance with the same datasetId (clauses 5.5.8, 5.6.4). */
export const patchInstances = (
  stored: readonly Instance[],
  sent: readonly Instance[],
): readonly Instance[] =>
  changeInstances(stored, sent, (before, one) =>
    before ? change(before, one, REPLACE) : replacing(one),
  );
