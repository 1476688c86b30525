-- Rows come in the order of time, those of one entity far apart: to read a year of it is to read a page for each. Once
-- their month is over they are put side by side, entity by entity, in tables by the year (temporal/settle.ts).
alter table history rename to history_open;
alter table history_open add column settled boolean not null default false;
alter index history_by_entity rename to history_open_by_entity;
alter index history_heads rename to history_open_heads;
alter index history_by_seq rename to history_open_by_seq;
alter index history_scopes rename to history_open_scopes;

create table history (like history_open including defaults) partition by list (settled);
alter table history attach partition history_open for values in (false);
create table history_settled partition of history for values in (true) partition by range (recorded_at);
create table history_settled_rest partition of history_settled default;

create index history_by_entity on history (tenant, entity, at);
create index history_heads on history (tenant, entity) where op in ('delete', 'told');
create index history_by_seq on history using brin (seq);
create index history_scopes on history (tenant, entity, at) where attributes ? 'https://uri.etsi.org/ngsi-ld/scope';
