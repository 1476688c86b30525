-- What entities of a type must be like, where somebody said so: a JSON Schema on their simplified form. `names` is the context
-- in whose names the schema speaks, `parts` the schemas that it refers to, by address.
create table models (
  tenant      text not null,
  type        text not null,
  schema      json not null,
  parts       json not null,
  names       json not null,
  modified_at timestamptz not null,
  primary key (tenant, type)
);

-- Grows with every change of a model, so that each process knows whether those it compiled are still right.
create table models_revision (revision bigint not null);
insert into models_revision values (0);
