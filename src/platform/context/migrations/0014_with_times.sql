-- An entity's row keeps no createdAt and modifiedAt of an attribute where they are the entity's own (entity/stamps.ts).
-- This puts them back, for the few questions that ask for them.
create function with_times(attributes jsonb, created_at timestamptz, modified_at timestamptz) returns jsonb
language sql stable parallel safe as $$
  select coalesce(jsonb_object_agg(a.name, (
    select jsonb_agg(jsonb_build_object(
      'createdAt', to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'modifiedAt', to_char(modified_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) || i.instance order by i.n)
    from jsonb_array_elements(a.instances) with ordinality as i (instance, n))), '{}')
  from jsonb_each(attributes) as a (name, instances)
$$;
