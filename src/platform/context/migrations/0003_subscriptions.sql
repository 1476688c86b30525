-- Who wants to be told of what (GS CIM 009, clause 5.2.12). `document` is the subscription with full names, `context` what
-- its notifications are compacted by. The rest changes with every notification.
create table subscriptions (
  tenant            text not null,
  id                text not null,
  document          jsonb not null,
  context           jsonb not null,
  created_at        timestamptz not null,
  modified_at       timestamptz not null,
  expires_at        timestamptz,
  next_at           timestamptz,
  changed_at        timestamptz,
  times_sent        bigint not null default 0,
  times_failed      bigint not null default 0,
  last_notification timestamptz,
  last_success      timestamptz,
  last_failure      timestamptz,
  primary key (tenant, id)
);
create index subscriptions_periodic on subscriptions (next_at) where next_at is not null;

-- Grows with every change of a subscription, so that each process knows whether those it remembers are still right.
create table subscriptions_revision (revision bigint not null);
insert into subscriptions_revision values (0);

-- One row a notification: what happened (`seq` of the outbox, or the time of a periodic one) and what became of it.
create table deliveries (
  number       bigint generated always as identity primary key,
  id           text not null unique,
  tenant       text not null,
  subscription text not null,
  seq          bigint not null,
  endpoint     text not null,
  state        text not null default 'waiting',
  message      jsonb not null,
  attempts     integer not null default 0,
  created_at   timestamptz not null,
  attempted_at timestamptz,
  status       integer,
  error        text,
  unique (tenant, subscription, seq)
);
create index deliveries_waiting on deliveries (endpoint, number) where state = 'waiting';
create index deliveries_by_age on deliveries using brin (created_at);

-- One row a receiver: which process sends to it, and when it may be tried again.
create table endpoints (
  uri         text primary key,
  failures    integer not null default 0,
  due_at      timestamptz not null default now(),
  holder      text,
  lease_until timestamptz
);
