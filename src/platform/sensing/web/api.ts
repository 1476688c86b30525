import { useMemo } from 'react';
import { paths, useApi, withQuery, type Bilingual } from '#platform/ui/web';

export type DeviceStatus = 'new' | 'live' | 'late' | 'silent' | 'revoked';

/** A device as `GET /api/sensing/devices` tells of it. */
export type Device = {
  readonly id: string;
  readonly name: Bilingual;
  readonly class: string;
  readonly entity: string;
  readonly entityType: string;
  readonly mapping?: string;
  readonly owner?: string;
  readonly system?: string;
  readonly district?: string;
  readonly location?: { readonly lon: number; readonly lat: number };
  readonly expectedSeconds?: number;
  readonly demo: boolean;
  readonly sandbox: boolean;
  readonly status: DeviceStatus;
  readonly createdAt: string;
  readonly expiresAt?: string;
  readonly revokedAt?: string;
  readonly lastSeenAt?: string;
  readonly messages: number;
  readonly refused: number;
  readonly silentSince?: string;
};

export type DeviceWithSecret = { readonly device: Device; readonly secret: string };

export type Refused = {
  readonly device: string;
  readonly at: string;
  readonly via: string;
  readonly reason: string;
  readonly payload: string;
};

export type KeptMapping = {
  readonly id: string;
  readonly name: Bilingual;
  readonly document: {
    readonly attributes: readonly {
      readonly name: string;
      readonly path: string;
      readonly type: string;
      readonly unit?: { readonly from: string; readonly to: string };
      readonly default?: string | number | boolean;
      readonly required?: boolean;
    }[];
    readonly observedAt?: { readonly path: string; readonly format: string };
    readonly message?: string;
  };
};

/** Where the doors for devices are, and their limits. */
export type Conditions = {
  readonly mqttPort?: number;
  readonly messageBytesMax: number;
  readonly readingsMax: number;
  readonly requestBytesMax: number;
  readonly streamedReadingsMax: number;
  readonly trialHours: number;
  readonly trialsPerMinuteMax: number;
  readonly bodyBytesMax: number;
};

const part = encodeURIComponent;
export const SENSING = '/api/sensing';

export const api = {
  devices: (query: Record<string, string | number | undefined> = {}) =>
    withQuery(`${SENSING}/devices`, query),
  device: (id: string) => `${SENSING}/devices/${part(id)}`,
  credentials: (id: string) => `${SENSING}/devices/${part(id)}/credentials`,
  refusals: (id: string) => `${SENSING}/devices/${part(id)}/refusals`,
  mappings: () => `${SENSING}/mappings`,
  conditions: () => `${SENSING}/conditions`,
  trial: () => `${SENSING}/sandbox-devices`,
  doors: () => '/api/house/doors',
  rights: () => '/api/policy/me',
  contract: () => '/openapi.json',
  units: () => '/api/house/units',
  bodies: () => '/api/registers/bodies',
} as const;

/** Pages that ours lead to. */
export const pageOf = {
  devices: () => '/work/devices',
  device: (id: string) => `/work/devices/${part(id)}`,
  newDevice: () => '/work/new-device',
  entity: (id: string) => `/city/entities/${part(id)}`,
} as const;

export type Named = readonly { readonly id: string; readonly name: Bilingual }[];
type NamedItems = { readonly items: Named };

export type Names = { readonly districts: Named; readonly bodies: Named };
const NONE: Named = [];

/** What districts and bodies are called, by their ids. */
export function useNames(): Names {
  const districts = useApi<NamedItems>(paths.api.districts()).data?.items ?? NONE;
  const bodies = useApi<NamedItems>(api.bodies()).data?.items ?? NONE;
  return useMemo(() => ({ districts, bodies }), [districts, bodies]);
}

/** Whether the person may do an action; undefined while it is not known. */
export function useMay(action: string): boolean | undefined {
  return useApi<{ actions: readonly string[] }>(api.rights()).data?.actions.includes(action);
}
