-- The live picture: one row an entity. `attributes` is model.ts's Attributes; `location` is its geometry for spatial
-- questions. The key begins with tenant and id, by which the tables can be distributed later.
create table entities (
  tenant      text not null,
  id          text not null,
  types       text[] not null,
  scopes      text[] not null default '{}',
  attributes  jsonb not null,
  location    geometry(Geometry, 4326),
  created_at  timestamptz not null,
  modified_at timestamptz not null,
  expires_at  timestamptz,
  primary key (tenant, id)
) with (fillfactor = 80);
create index entities_by_type on entities using gin (types);
create index entities_by_place on entities using gist (location);
create index entities_expiring on entities (expires_at) where expires_at is not null;

-- What was known when: one row for each write of an entity and instant of observation, holding what was written then.
-- `at` is observedAt where the written instances have one, else the time of writing. Rows are dropped by whole months.
-- `seq` orders rows of one instant and names them.
create sequence history_seq;
create table history (
  seq         bigint not null default nextval('history_seq'),
  tenant      text not null,
  entity      text not null,
  at          timestamptz not null,
  recorded_at timestamptz not null,
  op          text not null,
  types       text[] not null,
  attributes  jsonb not null
) partition by range (recorded_at);
create table history_rest partition of history default;
create index history_by_entity on history (tenant, entity, at);
