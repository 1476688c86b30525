import { Refusal } from '#kernel/errors';
import type { Geometry } from '../geo/geometry.ts';
import { DEFAULT_VOCAB } from '../jsonld/core-context.ts';
import { LOCATION } from '../store/rows.ts';
import type { Bind } from './bind.ts';
import { geometrySql, inColumn } from './geo-to-sql.ts';
import { TEMPORAL } from './operand.ts';
import { attributesSql } from './paths-to-sql.ts';

const ORDER_TERMS_MAX = 4;
const TERM =
  /^(\p{L}[\p{L}\p{N}_]*)((?:\.\p{L}[\p{L}\p{N}_]*)*)(?:\[([^[\]\p{Cc}]+)\])?(?:;(asc|desc|dist-asc|dist-desc))?$/u;
const COLUMNS: Readonly<Record<string, string>> = {
  id: 'id',
  createdAt: 'created_at',
  modifiedAt: 'modified_at',
};
const MEMBERS = ['observedAt', 'createdAt', 'modifiedAt', 'unitCode'];

export type OrderTerm =
  | { readonly column: string; readonly descending: boolean }
  /** Lists: one stands as a text, many as an array, none as absent. */
  | { readonly list: 'types' | 'scopes'; readonly descending: boolean }
  /** `path`: where the value stands below an attribute's first instance, as a jsonpath. */
  | {
      readonly attribute: string;
      readonly member?: string;
      readonly paths: readonly string[];
      readonly descending: boolean;
    }
  | { readonly distanceOf: string; readonly from: Geometry; readonly descending: boolean };

/** The entity ordering language (clause 4.23.3). Throws Refusal('invalid'). */
export const parseOrder = (
  text: string,
  expand: (short: string) => string,
  from?: Geometry,
): readonly OrderTerm[] => {
  const terms = text.split(',');
  const refuse = (why: string): never => {
    throw new Refusal('invalid', `orderBy ${why} (clause 4.23.3).`);
  };
  if (terms.length > ORDER_TERMS_MAX) refuse(`has more than ${ORDER_TERMS_MAX} terms`);
  return terms.map((term): OrderTerm => {
    const [, name, dotted = '', trail, direction = 'asc'] =
      TERM.exec(term.trim()) ?? refuse(`does not know what ${term} is`);
    const descending = direction.endsWith('desc');
    const plain = dotted === '' && trail === undefined;
    if (direction.startsWith('dist')) {
      if (!plain) return refuse('by distance names a GeoProperty alone');
      return {
        distanceOf: expand(name!),
        from: from ?? refuse('by distance needs orderFrom'),
        descending,
      };
    }
    if (plain && COLUMNS[name!]) return { column: COLUMNS[name!]!, descending };
    if (name === 'type' || name === 'scope') {
      if (!plain) return refuse(`cannot go into ${name}`);
      return { list: `${name}s`, descending };
    }
    const names = [name!, ...dotted.split('.').slice(1)];
    const member = names.length > 1 && MEMBERS.includes(names.at(-1)!) ? names.pop() : undefined;
    const steps = names.map((one) => `.${JSON.stringify(expand(one))}[0]`).join('');
    const inner = (trail?.split('.') ?? []).map((one) => `.${JSON.stringify(one)}`).join('');
    const targets = member
      ? [member]
      : trail
        ? ['value', 'json']
        : ['value', 'object', 'vocab', 'valueList', 'objectList', 'languageMap', 'json'];
    return {
      attribute: expand(name!),
      ...(member ? { member } : {}),
      paths: targets.map((target) => `$${steps}.${target}${inner}`),
      descending,
    };
  });
};

/** Clause 4.23.2: numbers, texts, objects, arrays, booleans, times, dates, instants, null, and what has no such attribute. */
const rankSql = (json: string, text: string): string => `case jsonb_typeof(${json})
  when 'number' then 0 when 'object' then 2 when 'array' then 3 when 'boolean' then 4 when 'null' then 8
  when 'string' then case when ${text} ~ '${TEMPORAL.time.shape}' then 5 when ${text} ~ '${TEMPORAL.date.shape}' then 6
    when ${text} ~ '${TEMPORAL.dateTime.shape}' then 7 else 1 end
  else 9 end`;

/** The value that an attribute term orders by, as JSON. */
const jsonSql = (term: Extract<OrderTerm, { paths: unknown }>, bind: Bind, alias: string): string =>
  `coalesce(${term.paths.map((path) => `jsonb_path_query_first(${attributesSql(alias, term.member)}, ${bind(path)}::jsonpath)`).join(', ')})`;

/** The text that a term orders by, where it orders by texts. */
export const textSql = (term: OrderTerm, bind: Bind, alias = 'e'): string | undefined => {
  if ('distanceOf' in term) return undefined;
  if ('column' in term) return term.column === 'id' ? `${alias}.id` : undefined;
  if ('paths' in term) return `(${jsonSql(term, bind, alias)} #>> '{}')`;
  if (term.list === 'scopes') return `array_to_string(${alias}.scopes, ',')`;
  // As IRIs, whatever name we keep.
  return `(select string_agg(case when u.t like ':%' then ${bind(DEFAULT_VOCAB)} || substr(u.t, 2) else u.t end, ',' order by u.n)
    from unnest(${alias}.types) with ordinality as u(t, n))`;
};

/** The place of each text in a collation, as a JSON object; two that it does not tell apart share one. */
export const ranksOf = (texts: readonly string[], collator: Intl.Collator): string => {
  let rank = 0;
  const sorted = texts.toSorted(collator.compare);
  return JSON.stringify(
    Object.fromEntries(
      sorted.map((text, n) => {
        if (n > 0 && collator.compare(sorted[n - 1]!, text) !== 0) rank += 1;
        return [text, rank];
      }),
    ),
  );
};

/**
 * Order expressions over a table alias, the id last so that pages never overlap. Texts are in the order of their code
 * points, or of the ranks given for the term of the same place.
 */
export const orderToSql = (
  terms: readonly OrderTerm[],
  bind: Bind,
  alias = 'e',
  ranks: readonly (string | undefined)[] = [],
): string => {
  const expressions = terms.flatMap((term, n) => {
    const direction = term.descending ? 'desc' : 'asc';
    const inOrder = (text: string): string =>
      ranks[n] === undefined
        ? `${text} collate "C" ${direction}`
        : `(${bind(ranks[n])}::jsonb ->> ${text})::int ${direction}`;
    if ('distanceOf' in term) {
      const path = `$.${JSON.stringify(term.distanceOf)}[0] ? (@.type == "GeoProperty").value`;
      const place =
        term.distanceOf === LOCATION
          ? inColumn(`${alias}.location`)
          : `ST_SetSRID(ST_GeomFromGeoJSON(jsonb_path_query_first(${alias}.attributes, ${bind(path)}::jsonpath)::text), 4326)`;
      // On the sphere, as clause 4.23.1 has it.
      return [
        `ST_Distance((${place})::geography, ${geometrySql(term.from, bind)}::geography, false) ${direction} nulls last`,
      ];
    }
    if ('column' in term && term.column !== 'id') return [`${alias}.${term.column} ${direction}`];
    const text = textSql(term, bind, alias)!;
    if ('column' in term) return [inOrder(text)];
    if ('list' in term)
      return [
        `case cardinality(${alias}.${term.list}) when 1 then 0 when 0 then 2 else 1 end`,
        inOrder(text),
      ];
    const json = jsonSql(term, bind, alias);
    return [
      rankSql(json, text),
      `case when jsonb_typeof(${json}) = 'number' then ${text}::numeric end ${direction}`,
      inOrder(text),
    ];
  });
  return [...expressions, `${alias}.id`].join(', ');
};
