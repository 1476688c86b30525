import { toKept } from '../jsonld/compile.ts';
import { type Sight, seenSql } from '../sight.ts';
import type { Bind } from './bind.ts';
import { isTemporal, type Operand } from './operand.ts';
import {
  attributesSql,
  existsSql,
  instances,
  languages,
  manyOf,
  type Named,
  presence,
  quote,
  singlesOf,
} from './paths-to-sql.ts';
import type { Query, Range, Test } from './q.ts';
import { systemToSql, temporalToSql } from './times-to-sql.ts';

type Links = { readonly tenant: string; readonly sight?: Sight };

/** Whether what holds of an entity holds of it with more attributes too. */
export const isMonotone = (query: Query): boolean =>
  'of' in query
    ? query.of.every(isMonotone)
    : query.kind === 'linked'
      ? isMonotone(query.query)
      : query.kind !== 'absent';

/**
 * A query as SQL over a table alias with `attributes`, `created_at` and `modified_at`. Names and values travel as
 * parameters: each term is one jsonpath, read in its lax mode, which looks into arrays by one level. `links` says where
 * linked entities are looked for, and as whom.
 */
export const queryToSql = (
  query: Query,
  bind: Bind,
  alias = 'e',
  links: Links = { tenant: `${alias}.tenant` },
): string => {
  if ('of' in query)
    return `(${query.of.map((one) => queryToSql(one, bind, alias, links)).join(query.kind === 'and' ? ' and ' : ' or ')})`;
  if (query.kind === 'linked') return linkedToSql(query, bind, alias, links);
  const { path } = query;
  if ('system' in path)
    return query.kind === 'test'
      ? systemToSql(
          `${alias}.${path.system === 'createdAt' ? 'created_at' : 'modified_at'}`,
          query.test,
          bind,
        )
      : query.kind === 'present'
        ? 'true'
        : 'false';
  if (query.kind !== 'test') {
    const held = existsSql(
      attributesSql(alias, path.member),
      `${instances(path)} ? (${presence(path)})`,
      {},
      bind,
    );
    return query.kind === 'present' ? held : `not ${held}`;
  }
  const { test } = query;
  const operands = operandsOf(test);
  if (operands.some(isTemporal)) return temporalToSql(path, test, bind, alias);
  const values: Record<string, unknown> = {};
  const filter = filterOf(path, test, (value) => {
    const name = `v${Object.keys(values).length}`;
    values[name] = value;
    return `$${name}`;
  });
  return existsSql(
    attributesSql(alias, path.member),
    `${instances(path)} ? (${filter})`,
    values,
    bind,
  );
};

/** Whether it holds of an entity that is here and that an instance of the Relationship points to. */
const linkedToSql = (
  { name, types, query }: Extract<Query, { kind: 'linked' }>,
  bind: Bind,
  alias: string,
  links: Links,
): string => {
  const linked = `${alias}l`;
  const objects = ['object[*]', 'objectList[*]'].map(
    (member) =>
      `select j #>> '{}' as id from jsonb_path_query(${alias}.attributes, ${bind(`$.${quote(name)}[*].${member}`)}::jsonpath, '{}', true) as j`,
  );
  return `exists (select 1 from (${objects.join(' union all ')}) as o
    join ${seenSql(links.sight, bind, linked)} on ${linked}.tenant = ${links.tenant} and ${linked}.id = o.id
    where (${linked}.expires_at is null or ${linked}.expires_at > now())
      ${types ? `and ${linked}.types && ${bind(types)}::text[]` : ''}
      and ${queryToSql(query, bind, linked, links.sight ? { ...links, tenant: `${linked}.tenant` } : undefined)})`;
};

type Kind = 'number' | 'string' | 'boolean';

const operandsOf = (test: Test): readonly Operand[] => {
  if ('pattern' in test) return [];
  if ('than' in test) return [test.than];
  return test.anyOf.flatMap((value) => (value.type === 'range' ? [value.from, value.to] : [value]));
};

type Var = (value: unknown) => string;
const any = (conditions: readonly string[]): string =>
  conditions.length > 0 ? conditions.join(' || ') : '(1 == 0)';
const isOf = (target: string, type: Kind): string => `${target}.type() == "${type}"`;

const orderOf = (path: Named, type: Kind, compare: (target: string) => string): string => {
  const language = path.member || type !== 'string' ? undefined : languages(path);
  return any([
    ...singlesOf(path).map((target) => `(${isOf(target, type)} && ${compare(target)})`),
    ...(language ? [`exists(${language} ? (${compare('@')}))`] : []),
  ]);
};

const equality = (path: Named, value: Operand | Range, toVar: Var): string => {
  if (value.type !== 'range') {
    const name = toVar(value.value);
    // Words are kept under the names that we keep.
    const word = typeof value.value === 'string' ? toKept(value.value) : undefined;
    const kept = word === undefined || word === value.value ? name : toVar(word);
    return any(manyOf(path).map((target) => `${target} == ${target === '@.vocab' ? kept : name}`));
  }
  const [from, to] = [toVar(value.from.value), toVar(value.to.value)];
  return orderOf(
    path,
    value.from.type as Kind,
    (target) => `${target} >= ${from} && ${target} <= ${to}`,
  );
};

const filterOf = (path: Named, test: Test, toVar: Var): string => {
  if ('than' in test) {
    const name = toVar(test.than.value);
    return orderOf(path, test.than.type as Kind, (target) => `${target} ${test.op} ${name}`);
  }
  if ('pattern' in test) {
    // A pattern cannot be a variable of a jsonpath; it stands in the path, which is itself a parameter.
    const like = (target: string) => `${target} like_regex ${quote(test.pattern.source)}`;
    if (test.op === '~=') return orderOf(path, 'string', like);
    const language = path.member ? undefined : languages(path);
    return any([
      ...singlesOf(path).map((target) => `(${isOf(target, 'string')} && !(${like(target)}))`),
      ...(language ? [`(exists(${language}) && !(${like(language)}))`] : []),
    ]);
  }
  const equal = any(test.anyOf.map((value) => `(${equality(path, value, toVar)})`));
  // What cannot be compared is unequal.
  return test.op === '=='
    ? equal
    : `(${presence(path)}) && (!(${equal}) || ((${equal}) is unknown))`;
};
