import { Refusal } from '#kernel/errors';
import type { Geometry } from '../geo/geometry.ts';
import { LOCATION } from '../store/rows.ts';
import type { Bind } from './bind.ts';
import { geometrySql } from './geo-to-sql.ts';
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
  /** `path`: where the value stands below an attribute's first instance, as a jsonpath. */
  | {
      readonly attribute: string;
      readonly member?: string;
      readonly paths: readonly string[];
      readonly descending: boolean;
    }
  | { readonly distanceOf: string; readonly from: Geometry; readonly descending: boolean };

/** The entity ordering language (clause 4.23.3); collations are not there. Throws Refusal('invalid'). */
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
    if (name === 'type' || name === 'scope')
      throw new Refusal(
        'not-implemented',
        `Entities cannot be put in order by ${name} yet (clause 4.23.3).`,
      );
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

/** Order expressions over a table alias, the id last so that pages never overlap. Texts are in the order of their code points. */
export const orderToSql = (terms: readonly OrderTerm[], bind: Bind, alias = 'e'): string => {
  const expressions = terms.flatMap((term) => {
    const direction = term.descending ? 'desc' : 'asc';
    if ('column' in term) return [`${alias}.${term.column} ${direction}`];
    if ('distanceOf' in term) {
      const path = `$.${JSON.stringify(term.distanceOf)}[0] ? (@.type == "GeoProperty").value`;
      const place =
        term.distanceOf === LOCATION
          ? `${alias}.location`
          : `ST_SetSRID(ST_GeomFromGeoJSON(jsonb_path_query_first(${alias}.attributes, ${bind(path)}::jsonpath)::text), 4326)`;
      // On the sphere, as clause 4.23.1 has it.
      return [
        `ST_Distance(${place}::geography, ${geometrySql(term.from, bind)}::geography, false) ${direction} nulls last`,
      ];
    }
    const json = `coalesce(${term.paths.map((path) => `jsonb_path_query_first(${attributesSql(alias, term.member)}, ${bind(path)}::jsonpath)`).join(', ')})`;
    const text = `(${json} #>> '{}')`;
    return [
      rankSql(json, text),
      `case when jsonb_typeof(${json}) = 'number' then ${text}::numeric end ${direction}`,
      `${text} collate "C" ${direction}`,
    ];
  });
  return [...expressions, `${alias}.id`].join(', ');
};
