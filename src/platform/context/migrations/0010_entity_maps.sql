-- Which sources know the entities that a query found, for a sequence of requests about the same ones (GS CIM 009,
-- clause 5.2.39). `sources` is entity id → registrations, `linked` registration → the map that this source made of it.
create table entity_maps (
  tenant     text not null,
  id         text not null,
  sources    jsonb not null,
  linked     jsonb not null default '{}',
  expires_at timestamptz not null,
  primary key (tenant, id)
);
create index entity_maps_expiring on entity_maps (expires_at);
