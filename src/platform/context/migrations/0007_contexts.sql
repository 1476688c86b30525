-- JSON-LD contexts that we serve (Hosted, ImplicitlyCreated) or keep a copy of (Cached, by its address): clause 5.13.1.
-- `document` is text as it came, `expires_at` until when a copy may be used without asking again.
create table contexts (
  id         text primary key,
  tenant     text not null,
  kind       text not null,
  url        text,
  document   json not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_usage timestamptz,
  hits       bigint not null default 0
);
create unique index contexts_cached on contexts (url) where kind = 'Cached';
create index contexts_by_tenant on contexts (tenant, created_at);
