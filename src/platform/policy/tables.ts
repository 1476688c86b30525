export type ChangesTable = {
  id: string;
  module: string;
  text: string;
  reason: string;
  state: 'proposed' | 'approved' | 'rejected' | 'withdrawn';
  proposed_by: string;
  proposed_by_name: string;
  proposed_at: string;
  decided_by: string | null;
  decided_by_name: string | null;
  decided_at: string | null;
  number?: never;
};

export type EmergenciesTable = {
  id: string;
  actor: string;
  actor_name: string;
  reason: string;
  began_at: string;
  until_at: string;
  reviewed_by: string | null;
  reviewed_by_name: string | null;
  reviewed_at: string | null;
  justified: boolean | null;
  note: string | null;
};

export type PolicyTables = {
  changes: ChangesTable;
  emergencies: EmergenciesTable;
  revision: { revision: number };
  decisions: { key: string; question: unknown; allowed: boolean; at: string };
};
