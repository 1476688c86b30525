-- A text proposed for a module's rights: somebody proposes, somebody else decides. Of the approved ones of a module the
-- last is in force, and where there is none, what the module was delivered with.
create table changes (
  id               text primary key,
  module           text not null,
  text             text not null,
  reason           text not null,
  state            text not null default 'proposed' check (state in ('proposed', 'approved', 'rejected', 'withdrawn')),
  proposed_by      text not null,
  proposed_by_name text not null,
  proposed_at      timestamptz not null,
  decided_by       text,
  decided_by_name  text,
  decided_at       timestamptz,
  number           bigint generated always as identity,
  check (state <> 'approved' or decided_by <> proposed_by)
);
create index changes_by_module on changes (module, decided_at desc) where state = 'approved';
create unique index changes_waiting on changes (module) where state = 'proposed';

-- Glass broken: who saw for how long what their rights do not show, and what somebody else thought of it afterwards.
create table emergencies (
  id               text primary key,
  actor            text not null,
  actor_name       text not null,
  reason           text not null,
  began_at         timestamptz not null,
  until_at         timestamptz not null,
  reviewed_by      text,
  reviewed_by_name text,
  reviewed_at      timestamptz,
  justified        boolean,
  note             text,
  check (reviewed_by is null or reviewed_by <> actor)
);
create index emergencies_under_way on emergencies (until_at);

-- Grows with every change of either, so that each process knows whether what it holds is still right.
create table revision (revision bigint not null);
insert into revision values (0);

-- A sample of decisions, one row a kind of question, for trying changes against; the oldest go first.
create table decisions (
  key      text primary key,
  question jsonb not null,
  allowed  boolean not null,
  at       timestamptz not null
);
create index decisions_by_age on decisions (at);
