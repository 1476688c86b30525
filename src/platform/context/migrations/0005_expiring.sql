-- When the first attribute of an entity expires (GS CIM 009, clause 4.22): the few that are transient are found by it.
alter table entities add column attributes_expire_at timestamptz;
create index entities_with_expiring on entities (attributes_expire_at) where attributes_expire_at is not null;
