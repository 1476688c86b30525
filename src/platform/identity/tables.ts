import type { Role } from '#kernel/actor';

export type PeopleTable = {
  id: string;
  name: string;
  password_hash: string | null;
  roles: Role[];
  created_at: string;
  full_name: string | null;
  assurance: 'anonymous' | 'contact' | 'real-name';
  contact: string | null;
  demo: boolean;
  closed_at: string | null;
  epoch: number;
};

export type SessionsTable = {
  secret_hash: string;
  person: string;
  user_agent: string;
  created_at: string;
  expires_at: string;
  revoked_at: string | null;
  id: string;
  method: string;
  factors: number;
  address: string;
};

export type TokensTable = {
  id: string;
  secret_hash: string;
  name: string;
  roles: Role[];
  created_by: string;
  created_at: string;
  expires_at: string;
  revoked_at: string | null;
  scopes: string[] | null;
  sandbox: boolean;
};

export type SignInAttemptsTable = {
  name: string;
  address: string;
  attempts: number;
  last_at: string;
  closed_until: string;
};

export type BodiesTable = {
  id: string;
  name_zh: string;
  name_en: string;
  kind: string;
  parent: string | null;
  district: string | null;
  source: 'city' | 'house' | 'demo';
  created_at: string;
  closed_at: string | null;
};

export type MembershipsTable = {
  id: string;
  person: string;
  body: string;
  post: string;
  from_at: string;
  until_at: string | null;
  made_by: string;
  made_at: string;
  ended_by: string | null;
  ended_at: string | null;
};

export type MandatesTable = {
  id: string;
  from_person: string | null;
  from_body: string | null;
  agent: string;
  scopes: string[];
  note: string;
  from_at: string;
  until_at: string;
  made_by: string;
  made_at: string;
  ended_by: string | null;
  ended_at: string | null;
};

export type DocumentChecksTable = {
  id: string;
  person: string;
  kind: string;
  digest: string;
  checked_by: string;
  checked_at: string;
};

export type OwnKeysTable = {
  id: string;
  purpose: string;
  sealed: string;
  public_jwk: unknown;
  made_at: string;
  used_from: string;
  ended_at: string | null;
};

export type ClientsTable = {
  id: string;
  name_zh: string;
  name_en: string;
  kind: 'web' | 'public' | 'service' | 'kiosk';
  secret_hash: string | null;
  redirects: string[];
  logouts: string[];
  scopes: string[];
  roles: Role[];
  jwks: unknown;
  trusted: boolean;
  sandbox: boolean;
  owner: string;
  created_at: string;
  ended_at: string | null;
};

export type PasskeysTable = {
  id: string;
  person: string;
  public_key: string;
  counter: string | number;
  transports: string[];
  backed_up: boolean;
  name: string;
  made_at: string;
  last_used_at: string | null;
};

export type AuthenticatorsTable = {
  person: string;
  sealed: string;
  last_step: string | number;
  made_at: string;
  confirmed_at: string | null;
};

export type RecoveryCodesTable = {
  code_hash: string;
  person: string;
  purpose: 'second-factor' | 'account';
  made_by: string;
  made_at: string;
  expires_at: string | null;
  used_at: string | null;
};

export type StepsTable = {
  id_hash: string;
  kind: string;
  person: string | null;
  data: unknown;
  expires_at: string;
};

export type ForeignAccountsTable = {
  issuer: string;
  subject: string;
  person: string;
  made_at: string;
};

/** `sessions.id` is given by the database, the others of a default by whoever adds the row or not at all. */
export type IdentityTables = {
  people: PeopleTable;
  sessions: SessionsTable;
  tokens: TokensTable;
  sign_in_attempts: SignInAttemptsTable;
  bodies: BodiesTable;
  memberships: MembershipsTable;
  mandates: MandatesTable;
  document_checks: DocumentChecksTable;
  own_keys: OwnKeysTable;
  clients: ClientsTable;
  passkeys: PasskeysTable;
  authenticators: AuthenticatorsTable;
  recovery_codes: RecoveryCodesTable;
  steps: StepsTable;
  foreign_accounts: ForeignAccountsTable;
};
