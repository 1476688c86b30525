import type { Generated } from 'kysely';
import type { Attributes } from './model.ts';

export type EntitiesTable = {
  tenant: string;
  id: string;
  types: string[];
  scopes: string[];
  attributes: Attributes;
  location: string | null;
  created_at: string;
  modified_at: string;
  expires_at: string | null;
  attributes_expire_at: Generated<string | null>;
};

export type HistoryTable = {
  tenant: string;
  entity: string;
  at: string;
  recorded_at: string;
  op: 'create' | 'update' | 'delete' | 'told';
  types: string[];
  attributes: Attributes;
};

export type SubscriptionsTable = {
  tenant: string;
  id: string;
  document: unknown;
  context: unknown;
  created_at: string;
  modified_at: string;
  expires_at: string | null;
  next_at: string | null;
  changed_at: string | null;
  times_sent: Generated<number>;
  times_failed: Generated<number>;
  last_notification: string | null;
  last_success: string | null;
  last_failure: string | null;
};

export type DeliveriesTable = {
  number: Generated<number>;
  id: string;
  tenant: string;
  subscription: string;
  seq: number;
  endpoint: string;
  state: Generated<'waiting' | 'delivered' | 'dead'>;
  message: unknown;
  attempts: Generated<number>;
  created_at: string;
  attempted_at: string | null;
  status: number | null;
  error: string | null;
};

export type ContextTables = {
  entities: EntitiesTable;
  history: HistoryTable;
  subscriptions: SubscriptionsTable;
  deliveries: DeliveriesTable;
};
