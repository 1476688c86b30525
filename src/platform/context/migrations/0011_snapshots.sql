-- What queries found at one time, kept apart to be asked again (GS CIM 009, clause 5.16). The entities and histories of a
-- snapshot are rows of the same tables, of the tenant `space`, which no client can name. `document` is what was asked,
-- `origin` the space that it is a copy of, `claimed_until` until when some process fills it.
create table snapshots (
  tenant        text not null,
  id            text not null,
  space         text not null unique,
  origin        text,
  document      jsonb not null,
  context       jsonb not null,
  status        text not null default 'preparing',
  details       jsonb not null default '{}',
  priority      integer not null,
  created_at    timestamptz not null,
  modified_at   timestamptz not null,
  expires_at    timestamptz not null,
  last_used_at  timestamptz not null,
  claimed_until timestamptz,
  untold        boolean not null default false,
  tries         integer not null default 0,
  primary key (tenant, id)
);
create index snapshots_expiring on snapshots (expires_at);
create index snapshots_preparing on snapshots (created_at) where status = 'preparing';
create index snapshots_untold on snapshots (modified_at) where untold;
