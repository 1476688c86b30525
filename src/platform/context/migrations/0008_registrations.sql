-- Which other brokers have or give what (GS CIM 009, clause 5.2.9). `document` is the registration with full names,
-- `context` what the registrant wrote it in.
create table registrations (
  tenant      text not null,
  id          text not null,
  document    jsonb not null,
  context     jsonb not null,
  created_at  timestamptz not null,
  modified_at timestamptz not null,
  expires_at  timestamptz,
  primary key (tenant, id)
);
create index registrations_expiring on registrations (expires_at) where expires_at is not null;

-- Grows with every change of a registration, so that each process knows whether those it remembers are still right.
create table registrations_revision (revision bigint not null);
insert into registrations_revision values (0);

-- How requests to a source went (Table 5.2.9-2); apart from the registration, as it changes with every request.
create table registrations_health (
  tenant       text not null,
  id           text not null,
  times_sent   bigint not null default 0,
  times_failed bigint not null default 0,
  timed_out    bigint not null default 0,
  last_success timestamptz,
  last_failure timestamptz,
  last_error   text,
  primary key (tenant, id)
);

-- What a subscription is about: changes of entities, or of registrations (clause 5.11).
alter table subscriptions add column kind text not null default 'entities';

-- Numbers what is told of registrations, as the outbox numbers changes of entities.
create sequence registration_notices;
