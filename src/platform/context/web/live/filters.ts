import type { Thing } from './things.ts';

/** What a person chose to see. Empty: everything. */
export type Filters = {
  readonly types: readonly string[];
  readonly system: string;
  readonly district: string;
  readonly hideDemo: boolean;
};

/** Stands for "in no system" and "in no district" in filters and in the page's query. */
export const NONE = 'none';

type Query = Readonly<Record<string, string | undefined>>;

/** The filters in a page's query, and back: the address of the page is what one shares. */
export const readFilters = (query: Query): Filters => ({
  types: query['types']?.split(',').filter(Boolean) ?? [],
  system: query['system'] ?? '',
  district: query['district'] ?? '',
  hideDemo: query['demo'] === 'hide',
});

export const filtersQuery = (filters: Filters): Query => ({
  types: filters.types.join(',') || undefined,
  system: filters.system || undefined,
  district: filters.district || undefined,
  demo: filters.hideDemo ? 'hide' : undefined,
});

type Facet = 'type' | 'system' | 'district';

const inFacet = (chosen: string, actual: string) => chosen === '' || chosen === (actual || NONE);

/** Whether a thing is shown; `but` leaves one filter out, for counting what its choices would show. */
export const matches = (
  { feature, system, district }: Thing,
  filters: Filters,
  but?: Facet,
): boolean =>
  !(filters.hideDemo && feature.properties.demo) &&
  (but === 'type' ||
    filters.types.length === 0 ||
    filters.types.includes(feature.properties.type)) &&
  (but === 'system' || inFacet(filters.system, system)) &&
  (but === 'district' || inFacet(filters.district, district));

export type Counts = {
  readonly shown: number;
  readonly demo: number;
  /** Every type there is, whatever the filters are. */
  readonly types: ReadonlySet<string>;
  readonly byType: ReadonlyMap<string, number>;
  readonly bySystem: ReadonlyMap<string, number>;
  readonly byDistrict: ReadonlyMap<string, number>;
  /** Of each system, whatever the filters are: how many, how many of the simulator, the newest change. */
  readonly live: ReadonlyMap<string, Live>;
};
export type Live = { readonly count: number; readonly demo: number; readonly newest: string };

/** How many things each choice of each filter would show, with the other filters as they are. */
export const countThings = (things: Iterable<Thing>, filters: Filters): Counts => {
  let [shown, demo] = [0, 0];
  const types = new Set<string>();
  const byType = new Map<string, number>();
  const bySystem = new Map<string, number>();
  const byDistrict = new Map<string, number>();
  const live = new Map<string, Live>();
  const add = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
  for (const thing of things) {
    const { type, demo: made, modifiedAt } = thing.feature.properties;
    types.add(type);
    if (matches(thing, filters)) {
      shown += 1;
      if (made) demo += 1;
    }
    if (matches(thing, filters, 'type')) add(byType, type);
    if (matches(thing, filters, 'system')) add(bySystem, thing.system || NONE);
    if (matches(thing, filters, 'district')) add(byDistrict, thing.district || NONE);
    const now = live.get(thing.system) ?? { count: 0, demo: 0, newest: '' };
    live.set(thing.system, {
      count: now.count + 1,
      demo: now.demo + Number(made),
      newest: modifiedAt > now.newest ? modifiedAt : now.newest,
    });
  }
  return { shown, demo, types, byType, bySystem, byDistrict, live };
};
