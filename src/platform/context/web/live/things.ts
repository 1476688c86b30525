import type { CityChange, CityFeature } from '#platform/ui/web';

/** An entity on the map, with the system and the district it is counted under; '' where there is none. */
export type Thing = {
  readonly feature: CityFeature;
  readonly system: string;
  readonly district: string;
};

/** How things are sorted under systems and districts. */
export type Sorting = {
  readonly systemOf: (feature: CityFeature) => string;
  readonly districtOf: (feature: CityFeature) => string;
};

/** What is in view, kept current. `version` grows with every change. */
export type Things = ReturnType<typeof openThings>;

/** Keeps the features of the map by id. Answers and changes may come in any order: the newer state of each stays. */
export function openThings(sorting: Sorting) {
  const kept = new Map<string, Thing>();
  const sort = (feature: CityFeature): Thing => ({
    feature,
    system: sorting.systemOf(feature),
    district: sorting.districtOf(feature),
  });
  const put = (feature: CityFeature): boolean => {
    const known = kept.get(feature.id);
    if (known && known.feature.properties.modifiedAt > feature.properties.modifiedAt) return false;
    kept.set(feature.id, sort(feature));
    return true;
  };

  return {
    all: (): Iterable<Thing> => kept.values(),
    get: (id: string): Thing | undefined => kept.get(id),
    size: () => kept.size,
    /** Takes a whole answer: what it no longer names is gone, unless it came after the answer was made. */
    load(features: readonly CityFeature[]): void {
      const named = new Set(features.map(({ id }) => id));
      const made = features.reduce(
        (newest, { properties }) =>
          properties.modifiedAt > newest ? properties.modifiedAt : newest,
        '',
      );
      for (const [id, { feature }] of kept)
        if (!named.has(id) && feature.properties.modifiedAt <= made) kept.delete(id);
      features.forEach(put);
    },
    /** Takes changes; answers what is new and what is gone. */
    change(changes: readonly CityChange[]): { upsert: Thing[]; remove: string[] } {
      const upsert: Thing[] = [];
      const remove: string[] = [];
      for (const change of changes) {
        if ('deleted' in change || !change.geometry) {
          if (kept.delete(change.id)) remove.push(change.id);
        } else if (put(change)) upsert.push(kept.get(change.id)!);
      }
      return { upsert, remove };
    },
    /** Sorts everything anew, e.g. when the districts have come. */
    resort(next: Sorting): void {
      sorting = next;
      for (const [id, { feature }] of kept) kept.set(id, sort(feature));
    },
  };
}
