import { useMemo } from 'react';
import { useApi, usePick, withQuery, type Bilingual } from '#platform/ui/web';

import type { Entry, Receipt } from './entries.ts';

export type { Entry, EntryProved, LogState, Receipt } from './entries.ts';
export type EntriesPage = { readonly items: readonly Entry[]; readonly next: number | null };
export type ReceiptsPage = { readonly items: readonly Receipt[]; readonly next: number | null };

const AUDIT = '/api/audit';
type Query = Readonly<Record<string, string | number | undefined>>;

export const api = {
  state: () => `${AUDIT}/state`,
  actions: () => `${AUDIT}/actions`,
  entries: (query: Query) => withQuery(`${AUDIT}/entries`, query),
  entry: (id: string) => `${AUDIT}/entries/${encodeURIComponent(id)}`,
  export: (personal: boolean) =>
    withQuery(`${AUDIT}/export`, { personal: personal ? 'true' : undefined }),
  receipts: (query: Query) => withQuery(`${AUDIT}/receipts`, query),
  rights: () => '/api/policy/me',
} as const;

/** Pages that ours lead to. */
export const pageOf = {
  log: () => '/work/audit',
  entry: (id: number) => `/work/audit/${id}`,
} as const;

type Titles = { readonly items: readonly { readonly id: string; readonly title: Bilingual }[] };

/** What acts are called, and those there are. */
export function useActs(): {
  readonly name: (id: string) => string;
  readonly ids: readonly string[];
} {
  const pick = usePick();
  const { data } = useApi<Titles>(api.actions());
  return useMemo(() => {
    const titles = new Map(data?.items.map(({ id, title }) => [id, title]));
    return { name: (id) => pick(titles.get(id), id), ids: [...titles.keys()].toSorted() };
  }, [data, pick]);
}

/** Whether the person may do an action; undefined while it is not known. */
export function useMay(action: string): boolean | undefined {
  return useApi<{ actions: readonly string[] }>(api.rights()).data?.actions.includes(action);
}
