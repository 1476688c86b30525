import { useApi } from '#platform/ui/web';
import type { EntityTypes, House } from '../api.ts';

export type Consumer = { readonly name: string; readonly lag: number; readonly failures: number };

/** `GET /api/house/status`: how the platform runs; for operators. */
export type HouseStatus = House & {
  readonly database: {
    readonly engine: string;
    readonly version: string;
    readonly postgis?: string;
    readonly bytes?: number;
    readonly fsyncMsP50?: number;
    readonly memoryBytes?: number;
  };
  readonly entities: EntityTypes['types'];
  readonly consumers: readonly Consumer[];
  readonly deadLetters: number;
};

export type DeadLetter = {
  readonly id: number;
  readonly consumer: string;
  readonly at: string;
  readonly attempts: number;
  readonly error: string;
  readonly event: { readonly type: string; readonly key: string };
};

export type Simulation = { readonly rate: number; readonly devices: number; readonly sent: number };

export type Importer = {
  readonly id: string;
  readonly title: { readonly zh: string; readonly en: string };
};

export const DEAD_LETTERS = '/api/house/dead-letters';
export const operations = {
  status: () => '/api/house/status',
  deadLetters: () => DEAD_LETTERS,
  attempts: (id: number) => `${DEAD_LETTERS}/${id}/attempts`,
  importers: () => '/api/house/importers',
  simulation: () => '/api/sensing/simulation',
  refusals: () => '/api/sensing/refusals?limit=200',
  devices: (state: 'late' | 'silent') => `/api/sensing/devices?state=${state}&limit=1`,
  rights: () => '/api/policy/me',
  metrics: () => '/metrics',
  health: () => '/health',
  ready: () => '/ready',
} as const;

export const pageOf = {
  status: () => '/work/status',
  devices: (state: 'late' | 'silent') => `/work/devices?state=${state}`,
} as const;

/** How often a page for operators asks again. */
export const WATCH_MS = 5_000;

/** Whether the person may do an action; undefined while it is not known. */
export function useMay(action: string): boolean | undefined {
  return useApi<{ actions: readonly string[] }>(operations.rights()).data?.actions.includes(action);
}
