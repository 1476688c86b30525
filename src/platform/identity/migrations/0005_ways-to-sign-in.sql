-- Public keys of passkeys (WebAuthn credentials).
create table passkeys (
  id           text primary key,
  person       text not null references people (id) on delete cascade,
  public_key   text not null,
  counter      bigint not null,
  transports   text[] not null,
  backed_up    boolean not null,
  name         text not null,
  made_at      timestamptz not null,
  last_used_at timestamptz
);
create index passkeys_by_person on passkeys (person);

-- One-time passwords by time (RFC 6238): the sealed secret, and the last step that was taken, so that none counts twice.
create table authenticators (
  person       text primary key references people (id) on delete cascade,
  sealed       text not null,
  last_step    bigint not null,
  made_at      timestamptz not null,
  confirmed_at timestamptz
);

-- 'second-factor': one of the ten for a lost telephone; 'account': given by an official to whom the person came.
create table recovery_codes (
  code_hash  text primary key,
  person     text not null references people (id) on delete cascade,
  purpose    text not null check (purpose in ('second-factor', 'account')),
  made_by    text not null,
  made_at    timestamptz not null,
  expires_at timestamptz,
  used_at    timestamptz
);
create index recovery_codes_by_person on recovery_codes (person);

-- Half a sign-in: the challenge of a passkey, a password whose second factor is awaited, a visit to another provider.
create table steps (
  id_hash    text primary key,
  kind       text not null,
  person     text references people (id) on delete cascade,
  data       jsonb not null,
  expires_at timestamptz not null
);
create index steps_by_expiry on steps (expires_at);

-- Who somebody is at another provider.
create table foreign_accounts (
  issuer   text not null,
  subject  text not null,
  person   text not null references people (id) on delete cascade,
  made_at  timestamptz not null,
  primary key (issuer, subject)
);
create index foreign_accounts_by_person on foreign_accounts (person);
