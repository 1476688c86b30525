import { useApi, withQuery } from '#platform/ui/web';

export type Receiver = {
  readonly uri: string;
  readonly health: 'well' | 'failing' | 'paused';
  readonly failures: number;
  readonly dueAt: string | null;
  readonly waiting: number;
  readonly oldestWaitingAt: string | null;
  readonly dead: number;
};

export type Summary = {
  readonly tenant: string;
  readonly id: string;
  readonly name: string | null;
  readonly about: 'entities' | 'registrations';
  readonly status: 'active' | 'paused' | 'expired';
  readonly endpoint: string;
  readonly timesSent: number;
  readonly timesFailed: number;
  readonly lastNotification: string | null;
  readonly lastSuccess: string | null;
  readonly lastFailure: string | null;
};

export const STATES = ['waiting', 'delivered', 'dead'] as const;
export type State = (typeof STATES)[number];

export type Delivery = {
  readonly number: number;
  readonly id: string;
  readonly tenant: string;
  readonly subscription: string;
  readonly endpoint: string;
  readonly state: State;
  readonly attempts: number;
  readonly createdAt: string;
  readonly attemptedAt: string | null;
  readonly status: number | null;
  readonly error: string | null;
};

export const CONTEXT = '/api/context';
export const REFRESH_MS = 5_000;
/** As many as the server answers at once. */
export const LOG_ITEMS_MAX = 500;

export const api = {
  receivers: () => `${CONTEXT}/endpoints`,
  subscriptions: () => `${CONTEXT}/subscriptions`,
  deliveries: (query: { state?: string | undefined; endpoint?: string | undefined }) =>
    withQuery(`${CONTEXT}/deliveries`, { ...query, limit: LOG_ITEMS_MAX }),
  attempts: (id: string) => `${CONTEXT}/deliveries/${encodeURIComponent(id)}/attempts`,
  replays: () => `${CONTEXT}/replays`,
} as const;

export const useReceivers = () =>
  useApi<{ items: readonly Receiver[] }>(api.receivers(), { refreshMs: REFRESH_MS });

/** Whether the person may deliver again; undefined while it is not known. */
export const useMayReplay = (): boolean | undefined =>
  useApi<{ actions: readonly string[] }>('/api/policy/me').data?.actions.includes(
    'context.delivery.replay',
  );
