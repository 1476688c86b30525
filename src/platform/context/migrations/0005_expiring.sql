-- When the first attribute of an entity expires (GS CIM 009, clause 4.22): the few that are transient are found by it.
alter table entities add column attributes_expire_at timestamptz;
create index entities_with_expiring on entities (attributes_expire_at) where attributes_expire_at is not null;

-- Who this is among context sources (clause 5.2.40): the same for every process and every start, another in every house.
create table identity (
  id    uuid primary key default gen_random_uuid(),
  since timestamptz not null default now()
);
create unique index identity_is_one on identity ((true));
insert into identity default values;
