-- Entities that are gone are asked for by the temporal query without ids; they are few among all writes.
create index history_deletions on history (tenant, entity) where op = 'delete';
