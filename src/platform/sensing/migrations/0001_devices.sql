-- How a device's payload becomes attributes, as data: document is contract.ts's Mapping.
create table mappings (
  id         text primary key,
  name       jsonb not null,
  document   jsonb not null,
  changed_at timestamptz not null
);

-- What is out there, where, whose, and which entity it feeds. Of its secret only the hash is here.
create table devices (
  id               text primary key,
  name             jsonb not null,
  class            text not null,
  entity           text not null,
  entity_type      text not null,
  mapping          text references mappings (id),
  owner            text,
  system           text,
  district         text,
  lon              double precision,
  lat              double precision,
  expected_seconds integer,
  secret_hash      text not null,
  demo             boolean not null default false,
  sandbox          boolean not null default false,
  expires_at       timestamptz,
  created_at       timestamptz not null,
  revoked_at       timestamptz
);
create unique index devices_by_secret on devices (secret_hash);
create index devices_by_class on devices (class, id);
create index devices_expiring on devices (expires_at) where expires_at is not null;

-- Written once a second for all devices together, so that it costs a reading nothing.
create table device_state (
  device       text primary key references devices (id) on delete cascade,
  last_seen_at timestamptz,
  last_message text,
  messages     bigint not null default 0,
  refused      bigint not null default 0
) with (fillfactor = 70);

-- A silence is open while a device that should have spoken has not.
create table silences (
  id        bigint generated always as identity primary key,
  device    text not null references devices (id) on delete cascade,
  opened_at timestamptz not null,
  closed_at timestamptz
);
create unique index silences_open on silences (device) where closed_at is null;

-- The newest messages that were not taken, with the reason; `device` is the name they came under, known or not.
create table refusals (
  id      bigint generated always as identity primary key,
  device  text not null,
  at      timestamptz not null,
  via     text not null,
  reason  text not null,
  payload text not null
);
create index refusals_by_device on refusals (device, id);
