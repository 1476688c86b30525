import { useApi, withQuery } from '#platform/ui/web';

/** A joined platform as `GET /api/context/sources` tells of it. */
export type Source = {
  readonly tenant: string;
  readonly id: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly endpoint: string;
  readonly mode: 'inclusive' | 'exclusive' | 'redirect' | 'auxiliary';
  readonly operations: readonly string[];
  readonly offers: readonly Offer[];
  readonly state: 'ok' | 'failed' | 'unasked';
  readonly timesSent: number;
  readonly timesFailed: number;
  readonly timedOut: number;
  readonly lastSuccess: string | null;
  readonly lastFailure: string | null;
  readonly lastError: string | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
};

export type Offer = {
  readonly entities: readonly {
    readonly types: readonly string[];
    readonly id: string | null;
    readonly idPattern: string | null;
  }[];
  readonly attributes: readonly string[];
};

const REFRESH_MS = 10_000;
const part = encodeURIComponent;

export const SOURCES = '/api/context/sources';
const REGISTRATIONS = '/ngsi-ld/v1/csourceRegistrations';

export const api = {
  registrations: () => REGISTRATIONS,
  registration: (id: string) => `${REGISTRATIONS}/${part(id)}`,
} as const;

/** Registrations are of a tenant, and so are the requests about them. */
export const tenantHeader = (tenant: string): Readonly<Record<string, string>> =>
  tenant ? { 'ngsild-tenant': tenant } : {};

export const pageOf = {
  federation: () => '/work/federation',
  source: ({ id, tenant }: Pick<Source, 'id' | 'tenant'>) =>
    withQuery(`/work/federation/${part(id)}`, { tenant }),
  newSource: () => '/work/new-source',
} as const;

/** What a platform is called: by its name, else by its id. */
export const calledOf = ({ name, id }: Pick<Source, 'name' | 'id'>): string => name ?? id;

export const useSources = () =>
  useApi<{ items: readonly Source[] }>(SOURCES, { refreshMs: REFRESH_MS, keep: true });

/** Whether the person may see and manage the federation; undefined while it is not known. */
export function useMay(action: 'read' | 'write'): boolean | undefined {
  const { data } = useApi<{ actions: readonly string[] }>('/api/policy/me');
  return data?.actions.includes(`context.registration.${action}`);
}
