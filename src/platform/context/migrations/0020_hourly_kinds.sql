-- The kinds of an hour's values as flags (temporal/valued.ts), whether there are relationships among them.
alter table history_hourly drop column relationship;
alter table history_hourly alter column kinds type integer using 0;
