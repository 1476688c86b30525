-- When a process last had this consumer in its code: one that nobody has any more holds nothing back.
alter table consumers add column seen_at timestamptz not null default now();

-- How many dead letters made way for newer ones.
create table dropped_letters (
  consumer text primary key,
  dropped  bigint not null
);

-- Tells this house from others on the same wires; it goes where its data goes.
create table house (
  id uuid not null default gen_random_uuid()
);
insert into house default values;
