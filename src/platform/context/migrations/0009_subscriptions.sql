-- Whether a subscriber is told what was there before (clause 5.2.14.1, showChanges): changes carry it only while one is.
alter table subscriptions add column shows_changes boolean not null
  generated always as (coalesce((document -> 'notification' -> 'showChanges')::boolean, false)) stored;
create index subscriptions_showing on subscriptions (tenant) where shows_changes;

-- The revision that last changed the row: who remembers an earlier one reads only what came since.
alter table subscriptions add column revision bigint not null default 0;

-- What the operator looks for first: what was given up, receiver by receiver.
create index deliveries_dead on deliveries (endpoint, number) where state = 'dead';
create index deliveries_dead_newest on deliveries (number) where state = 'dead';
