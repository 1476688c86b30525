-- What happened, in the order of the commits: seq is taken under a lock, so a reader that has seen n has seen all before n.
create table outbox (
  seq    bigint generated always as identity primary key,
  at     timestamptz not null default now(),
  tenant text not null,
  type   text not null,
  key    text not null,
  data   json not null
);

-- How far each consumer has come, and which process holds it until when.
create table consumers (
  name        text primary key,
  position    bigint not null,
  holder      text,
  lease_until timestamptz,
  failures    integer not null default 0
);

-- What a consumer could not take after all its tries, for a person to see and replay.
create table dead_letters (
  id       bigint generated always as identity primary key,
  consumer text not null,
  at       timestamptz not null default now(),
  attempts integer not null,
  error    text not null,
  event    jsonb not null
);

create table jobs (
  name        text primary key,
  due_at      timestamptz not null,
  started_at  timestamptz,
  finished_at timestamptz,
  error       text,
  holder      text,
  lease_until timestamptz
);

-- How far an import has come, by importer and content, so that an interrupted one goes on.
create table imports (
  importer   text not null,
  content    text not null,
  checkpoint bigint not null,
  done       bigint not null,
  refused    bigint not null,
  finished   boolean not null default false,
  at         timestamptz not null default now(),
  primary key (importer, content)
);
