import type { Role } from '#kernel/actor';

export type PeopleTable = {
  id: string;
  name: string;
  password_hash: string;
  roles: Role[];
  created_at: string;
};

export type SessionsTable = {
  secret_hash: string;
  person: string;
  user_agent: string;
  created_at: string;
  expires_at: string;
  revoked_at: string | null;
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
};

export type SignInAttemptsTable = {
  name: string;
  address: string;
  attempts: number;
  last_at: string;
  closed_until: string;
};

export type IdentityTables = {
  people: PeopleTable;
  sessions: SessionsTable;
  tokens: TokensTable;
  sign_in_attempts: SignInAttemptsTable;
};
