/** How values can be put together (tables 4.5.19.1-1 to -3). */
export type Kind = 'number' | 'boolean' | 'array' | 'string' | 'date' | 'time' | 'object' | 'other';

const TIME_OF_DAY = '^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?';

/** A typed value of annex C.6: its type, where that is one that has an order. */
const TYPED = `case
    when v.j ->> '@type' ~ '(^|[:/])Date(Time)?$' then 'date'
    when v.j ->> '@type' ~ '(^|[:/])Time$' and v.j ->> '@value' ~ '${TIME_OF_DAY}' then 'time'
    else 'object' end`;

/** Seconds since midnight. */
const SECONDS = `(split_part(v.j ->> '@value', ':', 1)::int * 3600 + split_part(v.j ->> '@value', ':', 2)::int * 60
    + coalesce(nullif(substring(split_part(v.j ->> '@value', ':', 3) from '^[0-9]+'), ''), '0')::int)::numeric`;

/**
 * Points (points.ts) with what aggregation wants of their values: `kind`, whether a relationship, the value `j`, its
 * number `x` and its text `t` where it has one. Deletions have no value.
 */
export const valuedSql = (points: string): string => `
  select n.*,
    case n.kind when 'number' then n.j::numeric when 'boolean' then n.j::boolean::int::numeric
      when 'array' then jsonb_array_length(n.j)::numeric when 'time' then ${SECONDS.replaceAll('v.j', 'n.j')} end as x,
    case n.kind when 'string' then n.j #>> '{}' when 'date' then n.j ->> '@value' when 'time' then n.j ->> '@value' end as t
  from (
    select v.*, case when v.type not in ('Property', 'ListProperty', 'JsonProperty') then 'other'
      else case jsonb_typeof(v.j) when 'null' then 'other' when 'object' then ${TYPED} else jsonb_typeof(v.j) end end as kind
    from (
      select p.entity, p.name, p.time, p.seq, p.n, p.instance ->> 'datasetId' as dataset, p.instance ? 'observedAt' as observed,
        p.instance ->> 'type' as type, (p.instance ->> 'type') in ('Relationship', 'ListRelationship') as relationship,
        coalesce(p.instance -> 'value', p.instance -> 'json', p.instance -> 'valueList', p.instance -> 'object',
          p.instance -> 'vocab', p.instance -> 'objectList', p.instance -> 'languageMap') as j
      from (${points}) as p where not p.instance ? 'deletedAt') as v) as n`;
