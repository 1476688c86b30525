-- A person may sign in by other means than a password; what was proved of them stands beside the name.
alter table people alter column password_hash drop not null;
alter table people add column full_name text;
alter table people add column assurance text not null default 'anonymous'
  check (assurance in ('anonymous', 'contact', 'real-name'));
alter table people add column contact text;
alter table people add column demo boolean not null default false;
alter table people add column closed_at timestamptz;
-- Counts what ends all sessions that were opened before: a session belongs to the epoch in which it began.
alter table people add column epoch integer not null default 0;

alter table sessions add column id text not null default gen_random_uuid()::text;
alter table sessions add column method text not null default 'password';
alter table sessions add column factors smallint not null default 1;
alter table sessions add column address text not null default '';
create unique index sessions_by_id on sessions (id);

-- The city, its departments, counties, institutions and firms, as a tree.
create table bodies (
  id         text primary key,
  name_zh    text not null,
  name_en    text not null,
  kind       text not null,
  parent     text references bodies (id),
  district   text,
  -- 'city': as the city's own register of bodies has it; 'house': made here; 'demo': made up
  source     text not null check (source in ('city', 'house', 'demo')),
  created_at timestamptz not null,
  closed_at  timestamptz
);
create index bodies_by_parent on bodies (parent);

create table memberships (
  id         text primary key,
  person     text not null references people (id) on delete cascade,
  body       text not null references bodies (id),
  post       text not null,
  from_at    timestamptz not null,
  until_at   timestamptz,
  made_by    text not null,
  made_at    timestamptz not null,
  ended_by   text,
  ended_at   timestamptz,
  check (until_at is null or until_at > from_at)
);
create index memberships_by_person on memberships (person);
create index memberships_by_body on memberships (body);
create unique index memberships_once on memberships (person, body, post) where ended_at is null;

-- Who may act for whom, in what, until when; either side may end it.
create table mandates (
  id          text primary key,
  from_person text references people (id) on delete cascade,
  from_body   text references bodies (id),
  agent       text not null references people (id) on delete cascade,
  scopes      text[] not null,
  note        text not null,
  from_at     timestamptz not null,
  until_at    timestamptz not null,
  made_by     text not null,
  made_at     timestamptz not null,
  ended_by    text,
  ended_at    timestamptz,
  check ((from_person is null) <> (from_body is null))
);
create index mandates_by_agent on mandates (agent);
create index mandates_by_person on mandates (from_person);
create index mandates_by_body on mandates (from_body);

-- That an official saw a document; of its number only a keyed digest, to find the same one twice.
create table document_checks (
  id         text primary key,
  person     text not null references people (id) on delete cascade,
  kind       text not null,
  digest     text not null,
  checked_by text not null,
  checked_at timestamptz not null
);
create index document_checks_by_person on document_checks (person);
create unique index document_checks_by_digest on document_checks (kind, digest);

-- Keys that this house made for itself, each sealed under the key that DATA_DIR or IDENTITY_KEY holds.
create table own_keys (
  id         text primary key,
  purpose    text not null,
  sealed     text not null,
  public_jwk jsonb,
  made_at    timestamptz not null,
  used_from  timestamptz not null,
  ended_at   timestamptz
);
create index own_keys_by_purpose on own_keys (purpose, used_from);
