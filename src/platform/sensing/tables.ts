import type { Generated } from 'kysely';
import type { Mapping } from './contract.ts';
import type { Words } from '#kernel/module';

export type MappingsTable = { id: string; name: Words; document: Mapping; changed_at: string };

export type DevicesTable = {
  id: string;
  name: Words;
  class: string;
  entity: string;
  entity_type: string;
  mapping: string | null;
  owner: string | null;
  system: string | null;
  district: string | null;
  lon: number | null;
  lat: number | null;
  expected_seconds: number | null;
  secret_hash: string;
  demo: boolean;
  sandbox: boolean;
  expires_at: string | null;
  created_at: string;
  revoked_at: string | null;
};

export type DeviceStateTable = {
  device: string;
  last_seen_at: string | null;
  last_message: string | null;
  messages: number;
  refused: number;
};

export type SilencesTable = {
  id: Generated<number>;
  device: string;
  opened_at: string;
  closed_at: string | null;
};

export type RefusalsTable = {
  id: Generated<number>;
  device: string;
  at: string;
  via: string;
  reason: string;
  payload: string;
};

export type SensingTables = {
  mappings: MappingsTable;
  devices: DevicesTable;
  device_state: DeviceStateTable;
  silences: SilencesTable;
  refusals: RefusalsTable;
};
