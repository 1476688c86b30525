import type { EntityChanged } from '../contract.ts';
import type { Watch } from './watch.ts';

/** What of a change decides whether anybody may be concerned. */
export type Changed = Pick<EntityChanged, 'id' | 'types' | 'changed'>;

const ANY = '*';
const byId = (id: string) => `i ${id}`;
const byAttribute = (name: string) => `a ${name}`;
const byType = (type: string) => `t ${type}`;
const byTypeAndAttribute = (type: string, name: string) => `b ${type} ${name}`;

/** Under what a watch is filed: a change that it concerns is looked up under one of these. */
const keysOf = ({ filter, watched }: Watch): Set<string> => {
  const names = watched ? [...watched] : undefined;
  const keys = (filter.selectors ?? [{}]).flatMap(({ ids, types }) => {
    if (ids) return ids.map(byId);
    // Of types that an entity must have together, the first will do.
    const firsts = types?.anyOf.map(([first = '']) => first);
    if (firsts && names)
      return firsts.flatMap((type) => names.map((name) => byTypeAndAttribute(type, name)));
    return firsts?.map(byType) ?? names?.map(byAttribute) ?? [ANY];
  });
  return new Set(keys);
};

const keysOfChange = ({ id, types, changed }: Changed): readonly string[] => [
  ANY,
  byId(id),
  ...changed.map(byAttribute),
  ...types.flatMap((type) => [
    byType(type),
    ...changed.map((name) => byTypeAndAttribute(type, name)),
  ]),
];

/** Files the watches so that a change meets only those that may concern it. */
export const openWatchIndex = () => {
  const tenants = new Map<string, Map<string, Set<Watch>>>();
  let count = 0;

  return {
    count: () => count,

    add: (watch: Watch): void => {
      count++;
      let filed = tenants.get(watch.tenant);
      if (!filed) tenants.set(watch.tenant, (filed = new Map()));
      for (const key of keysOf(watch)) {
        const there = filed.get(key);
        if (there) there.add(watch);
        else filed.set(key, new Set([watch]));
      }
    },

    remove: (watch: Watch): void => {
      count--;
      const filed = tenants.get(watch.tenant);
      for (const key of keysOf(watch)) {
        const there = filed?.get(key);
        if (there?.delete(watch) && there.size === 0) filed?.delete(key);
      }
    },

    /** The watches that may concern this change: few, however many there are. */
    about: (tenant: string, change: Changed): readonly Watch[] => {
      const filed = tenants.get(tenant);
      if (!filed) return [];
      const found = keysOfChange(change).flatMap((key) => [...(filed.get(key) ?? [])]);
      return found.length > 1 ? [...new Set(found)] : found;
    },
  };
};
export type WatchIndex = ReturnType<typeof openWatchIndex>;
