import type { Bilingual, CityFeature } from '#platform/ui/web';

/** A system of the plan, and the entity types that its modules own. */
export type CitySystem = {
  readonly id: string;
  readonly name: Bilingual;
  readonly types: readonly string[];
};

/** The system of a thing: the one it names itself, else the one whose modules own its type; '' when there is none. */
export const systemFinder = (systems: readonly CitySystem[]) => {
  const ids = new Set(systems.map(({ id }) => id));
  const owners = new Map(systems.flatMap(({ id, types }) => types.map((type) => [type, id])));
  return ({ properties: { facts, type } }: CityFeature): string => {
    const own = facts['system'];
    return typeof own === 'string' && ids.has(own) ? own : (owners.get(type) ?? '');
  };
};
