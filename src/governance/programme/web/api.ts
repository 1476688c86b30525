import { useMemo } from 'react';
import { useApi, type Bilingual } from '#platform/ui/web';
import type { CitySystem } from '#platform/context/web';

export type State = 'nothing' | 'part' | 'works';
export type Body = { readonly id: string; readonly name: Bilingual };
export type Row = {
  readonly id: string;
  readonly title: Bilingual;
  readonly pilot: boolean;
  readonly state: State;
  readonly modules: readonly string[];
  readonly bodies: readonly Body[];
};
export type Group = {
  readonly id: string;
  readonly part: string;
  readonly title: Bilingual;
  readonly system?: string;
  readonly pilot: boolean;
  readonly state: State;
  readonly works: number;
  readonly of: number;
  readonly rows: readonly Row[];
};
export type Plan = {
  readonly title: Bilingual;
  readonly from: string;
  readonly to: string;
  readonly parts: readonly { readonly id: string; readonly title: Bilingual }[];
  readonly groups: readonly Group[];
};
export type Target = {
  readonly id: string;
  readonly title: Bilingual;
  readonly target: {
    readonly comparator: 'eq' | 'gt' | 'gte' | 'approx' | 'statement';
    readonly value?: number;
    readonly unit?: string;
    readonly unitName?: Bilingual;
    readonly growthPercentPerYear?: number;
    readonly statement?: Bilingual;
  };
  readonly due: string;
  readonly standing: 'computed' | 'stated' | 'no-source';
};
export type ModuleOfHouse = {
  readonly id: string;
  readonly title: Bilingual;
  readonly entities: readonly string[];
  readonly plan: Readonly<Record<string, 'part' | 'works'>>;
};
export type Door = {
  readonly module: string;
  readonly standard: string;
  readonly version: string;
  readonly direction: string;
  readonly at: string;
  readonly implemented: Bilingual;
};

/** Rows of a group that are real in part; they never count as working. */
export const partsOf = ({ rows }: Group): number =>
  rows.filter(({ state }) => state === 'part').length;

export const groupPath = (id: string, hash = ''): string => `/city/plan/${id}${hash && `#${hash}`}`;

const SLOW_MS = 60_000; // the plan changes with a new version of the house

export const usePlan = () => useApi<Plan>('/api/programme/plan', { refreshMs: SLOW_MS });
export const useTargets = () => useApi<{ items: Target[] }>('/api/programme/targets');
export const useModules = () =>
  useApi<{ modules: ModuleOfHouse[] }>('/api/house/modules', { refreshMs: SLOW_MS });
export const useDoors = () => useApi<{ doors: Door[] }>('/api/house/doors');

const NO_SYSTEMS: readonly CitySystem[] = [];

/** The ten systems of the plan with the entity types of the modules that claim clauses of them. */
export function useSystems(plan: Plan | undefined): readonly CitySystem[] {
  const { data } = useModules();
  return useMemo(
    () =>
      plan?.groups.flatMap(({ id, title, system, rows }) =>
        system === undefined
          ? []
          : [{ id, name: title, types: typesOf(rows, data?.modules ?? []) }],
      ) ?? NO_SYSTEMS,
    [plan, data],
  );
}

/** The entity types of the modules that claim one of the rows. */
export function typesOf(rows: readonly Row[], modules: readonly ModuleOfHouse[]): string[] {
  const claiming = new Set(rows.flatMap((row) => row.modules));
  return modules.flatMap(({ id, entities }) => (claiming.has(id) ? entities : []));
}
