create table people (
  id            text primary key,
  name          text not null unique,
  password_hash text not null,
  roles         text[] not null,
  created_at    timestamptz not null
);

-- One sign-in of one person. The cookie carries the secret; we keep its hash.
create table sessions (
  secret_hash text primary key,
  person      text not null references people (id) on delete cascade,
  user_agent  text not null,
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  revoked_at  timestamptz
);
create index sessions_by_person on sessions (person);
create index sessions_by_expiry on sessions (expires_at);

-- What an application carries instead of a person's password.
create table tokens (
  id          text primary key,
  secret_hash text not null unique,
  name        text not null,
  roles       text[] not null,
  created_by  text not null,
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  revoked_at  timestamptz
);

-- Failed sign-ins of one name from one address, known or not; a success deletes the row.
create table sign_in_attempts (
  name         text not null,
  address      text not null,
  attempts     integer not null,
  last_at      timestamptz not null,
  closed_until timestamptz not null,
  primary key (name, address)
);
create index sign_in_attempts_by_time on sign_in_attempts (last_at);
