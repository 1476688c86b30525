-- What the temporal API tells (clause 5.6.11): a row 'told' keeps the types of what the live picture may not have. Such
-- rows, and those of deletions, are few among all writes; by them the past finds what is not there now.
drop index history_deletions;
create index history_heads on history (tenant, entity) where op in ('delete', 'told');
-- An instance is named by the number of its row.
create index history_by_seq on history using brin (seq);
-- Which scopes an entity had when (clause 4.18).
create index history_scopes on history (tenant, entity, at) where attributes ? 'https://uri.etsi.org/ngsi-ld/scope';

-- What stays when the rows themselves are too old to be kept: each dataset of an attribute by the hour, as far as
-- aggregates need it (temporal/aggregate.ts). `observed`: whether the instances had an observedAt. Of the values, `numbers`
-- could be summed; `least` and `most` are of texts.
create table history_hourly (
  tenant       text not null,
  entity       text not null,
  name         text not null,
  dataset      text not null default '',
  observed     boolean not null,
  hour         timestamptz not null,
  kinds        text not null,
  relationship boolean not null,
  count        bigint not null,
  numbers      bigint not null,
  sum          numeric,
  sumsq        numeric,
  min          numeric,
  max          numeric,
  least        text,
  most         text,
  first        jsonb,
  first_at     timestamptz not null,
  last         jsonb,
  last_at      timestamptz not null,
  primary key (tenant, entity, name, hour, dataset, observed)
);
