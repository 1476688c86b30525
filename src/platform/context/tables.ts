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
};

export type HistoryTable = {
  tenant: string;
  entity: string;
  at: string;
  recorded_at: string;
  op: 'create' | 'update' | 'delete';
  types: string[];
  attributes: Attributes;
};

export type SubscriptionsTable = {
  tenant: string;
  id: string;
  document: unknown;
  status: string;
  created_at: Generated<string>;
};

export type ContextTables = {
  entities: EntitiesTable;
  history: HistoryTable;
  subscriptions: SubscriptionsTable;
};
