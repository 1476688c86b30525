/** How values can be put together (tables 4.5.19.1-1 to -3), as flags, so that a period can have several. */
export const KIND = {
  number: 1,
  boolean: 2,
  array: 4,
  string: 8,
  date: 16,
  time: 32,
  object: 64,
  other: 128,
  relationship: 256,
} as const;
export type Kind = keyof typeof KIND;

const TIME_OF_DAY = '^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?';

/** A typed value of annex C.6: its type, where that is one that has an order. */
const TYPED = `case
    when v.own ->> '@type' ~ '(^|[:/])Date(Time)?$' then ${KIND.date}
    when v.own ->> '@type' ~ '(^|[:/])Time$' and v.own ->> '@value' ~ '${TIME_OF_DAY}' then ${KIND.time}
    else ${KIND.object} end`;

/** By the member that holds the value: those of GeoProperties are objects. */
const KINDS = `case
    when v.own is not null then case jsonb_typeof(v.own)
      when 'number' then ${KIND.number} when 'string' then ${KIND.string} when 'boolean' then ${KIND.boolean}
      when 'array' then ${KIND.array} when 'object' then ${TYPED} else ${KIND.other} end
    when p.instance ?| '{object,objectList}' then ${KIND.relationship}
    else ${KIND.other} end`;

/** Seconds since midnight. */
const SECONDS = `(split_part(n.j ->> '@value', ':', 1)::int * 3600 + split_part(n.j ->> '@value', ':', 2)::int * 60
    + coalesce(nullif(substring(split_part(n.j ->> '@value', ':', 3) from '^[0-9]+'), ''), '0')::int)::numeric`;

/**
 * Points (points.ts) with what aggregation wants of their values: `kind`, the value `j`, its number `x` and its text `t`
 * where it has one. Deletions have no value. (`offset 0`: else each use of a value would look it up anew.)
 */
export const valuedSql = (points: string): string => `
  select n.*,
    case n.kind when ${KIND.number} then n.j::numeric when ${KIND.boolean} then n.j::boolean::int::numeric
      when ${KIND.array} then jsonb_array_length(n.j)::numeric when ${KIND.time} then ${SECONDS} end as x,
    case n.kind when ${KIND.string} then n.j #>> '{}' when ${KIND.date} then n.j ->> '@value' when ${KIND.time} then n.j ->> '@value' end as t
  from (
    select p.entity, p.name, p.time, p.seq, p.n, p.instance ->> 'datasetId' as dataset, p.instance ? 'observedAt' as observed,
      ${KINDS} as kind,
      coalesce(v.own, p.instance -> 'object', p.instance -> 'vocab', p.instance -> 'objectList', p.instance -> 'languageMap') as j
    from (${points}) as p
    cross join lateral (select coalesce(p.instance -> 'value', p.instance -> 'json', p.instance -> 'valueList') as own offset 0) as v
    where not p.instance ? 'deletedAt' offset 0) as n`;
