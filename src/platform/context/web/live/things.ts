import type { Feature } from 'geojson';
import type { CityChange, CityFeature, Language } from '#platform/ui/web';

/** An entity on the map, with the system and the district it is counted under; '' where there is none. */
export type Thing = {
  readonly feature: CityFeature;
  readonly system: string;
  readonly district: string;
};

/** Sorts things under systems and districts; each state of a thing is looked at once. */
export function openSorter(
  systemOf: (feature: CityFeature) => string,
  districtOf: (feature: CityFeature) => string,
): (feature: CityFeature) => Thing {
  const sorted = new WeakMap<CityFeature, Thing>();
  return (feature) => {
    const known = sorted.get(feature);
    if (known) return known;
    const thing = { feature, system: systemOf(feature), district: districtOf(feature) };
    sorted.set(feature, thing);
    return thing;
  };
}

/** What a thing is called in the language shown; undefined where it has no name. */
export const nameOf = ({ properties }: CityFeature, language: Language): string | undefined =>
  (language === 'en' ? properties.nameEn : undefined) ?? properties.name ?? undefined;

/** A thing as the map draws it, labelled in the language shown. */
export const labelled = (feature: CityFeature, language: Language): Feature => {
  const label = nameOf(feature, language);
  return label === undefined
    ? (feature as Feature)
    : ({ ...feature, properties: { ...feature.properties, label } } as Feature);
};

/** Keeps the features of the map by id. Answers and changes may come in any order: the newer state of each stays. */
export function openFeatures() {
  const kept = new Map<string, CityFeature>();
  const put = (feature: CityFeature): boolean => {
    const known = kept.get(feature.id);
    if (known && known.properties.modifiedAt > feature.properties.modifiedAt) return false;
    kept.set(feature.id, feature);
    return true;
  };

  return {
    all: (): CityFeature[] => [...kept.values()],
    size: (): number => kept.size,
    get: (id: string): CityFeature | undefined => kept.get(id),
    /** Takes a whole answer: what it no longer names is gone, unless it came after the answer was made. */
    load(features: readonly CityFeature[]): void {
      const named = new Set(features.map(({ id }) => id));
      const made = features.reduce(
        (newest, { properties }) =>
          properties.modifiedAt > newest ? properties.modifiedAt : newest,
        '',
      );
      for (const [id, { properties }] of kept)
        if (!named.has(id) && properties.modifiedAt <= made) kept.delete(id);
      features.forEach(put);
    },
    /** Takes changes; answers what is new and what is gone. */
    change(changes: readonly CityChange[]): { upsert: CityFeature[]; remove: string[] } {
      const upsert: CityFeature[] = [];
      const remove: string[] = [];
      for (const change of changes) {
        if ('deleted' in change || !change.geometry) {
          if (kept.delete(change.id)) remove.push(change.id);
        } else if (put(change)) upsert.push(change);
      }
      return { upsert, remove };
    },
  };
}
