import type { Bind } from './bind.ts';
import { isTemporal, type Operand, TEMPORAL, type TemporalType } from './operand.ts';
import type { Order, Path, Query, Range, Test } from './q.ts';

/**
 * A query as SQL over a table alias with `attributes`, `created_at` and `modified_at`. Names and values travel as
 * parameters: each term is one jsonpath, read in its lax mode, which looks into arrays by one level.
 */
export const queryToSql = (query: Query, bind: Bind, alias = 'e'): string => {
  if ('of' in query)
    return `(${query.of.map((one) => queryToSql(one, bind, alias)).join(query.kind === 'and' ? ' and ' : ' or ')})`;
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
      `${alias}.attributes`,
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
  return existsSql(`${alias}.attributes`, `${instances(path)} ? (${filter})`, values, bind);
};

type Named = Exclude<Path, { system: string }>;
type Kind = 'number' | 'string' | 'boolean';

const quote = (name: string): string => JSON.stringify(name);
const existsSql = (json: string, path: string, values: object, bind: Bind): string =>
  `jsonb_path_exists(${json}, ${bind(path)}::jsonpath, ${bind(JSON.stringify(values))}::jsonb, true)`;

/** Every instance of the attribute, or of the sub-attribute within it. */
const instances = ({ names }: Named): string =>
  `$${names.map((name) => `.${quote(name)}[*]`).join('')}`;

const operandsOf = (test: Test): readonly Operand[] => {
  if ('pattern' in test) return [];
  if ('than' in test) return [test.than];
  return test.anyOf.flatMap((value) => (value.type === 'range' ? [value.from, value.to] : [value]));
};

const within = ({ trail = [] }: Named): string => trail.map((name) => `.${quote(name)}`).join('');
/** The values of one language, or of all. */
const languages = ({ trail }: Named): string | undefined => {
  if (trail === undefined || (trail.length === 1 && trail[0] === '*')) return '@.languageMap.*';
  return trail.length === 1 ? `@.languageMap.${quote(trail[0]!)}` : undefined;
};
/** JSON values as a whole, or what stands in them under the trail. */
const wholes = (path: Named): string[] => [`@.value${within(path)}`, `@.json${within(path)}`];

/** Where an instance `@` holds what is compared as one value: no array is looked into (clause 4.9, order and patterns). */
const singlesOf = (path: Named): string[] => {
  if (path.member) return [`@.${path.member}`];
  return path.trail ? wholes(path) : [...wholes(path), '@.vocab'];
};
/** Where it holds what is compared by equality, also as one of many. */
const manyOf = (path: Named): string[] => {
  const language = languages(path);
  if (path.member) return [`@.${path.member}`];
  const targets = path.trail
    ? wholes(path)
    : [...wholes(path), '@.object', '@.vocab', '@.valueList', '@.objectList'];
  return language ? [...targets, language] : targets;
};

const presence = (path: Named): string => {
  if (path.member) return `exists(@.${path.member})`;
  if (!path.trail) return 'exists(@.type)';
  return [...wholes(path), languages(path)]
    .flatMap((target) => (target ? [`exists(${target})`] : []))
    .join(' || ');
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
    return any(manyOf(path).map((target) => `${target} == ${name}`));
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

const SQL_ORDER: Readonly<Record<Order, string>> = { '>': '>', '>=': '>=', '<': '<', '<=': '<=' };

/** Dates and times compare in time (clause 4.9): by a key of the stored text, whatever its fraction of a second. */
const keySql = (text: string, type: TemporalType): string =>
  type === 'date'
    ? `(${text}) collate "C"`
    : `rpad(translate(rtrim(${text}, 'Z'), ',', '.') || case when ${text} ~ '[.,]' then '' else '.' end, ${TEMPORAL[type].keyCharacters}, '0') collate "C"`;

const compareSql = (text: string, value: Operand | Range, bind: Bind): string => {
  const of = value.type === 'range' ? value.from : value;
  if (!isTemporal(of)) return `${text} = ${bind(String(of.value))}`;
  const key = keySql(text, of.type);
  const compared =
    value.type === 'range'
      ? `${key} between ${bind(value.from.value)} and ${bind(value.to.value)}`
      : `${key} = ${bind(value.value)}`;
  return `(${text} ~ '${TEMPORAL[of.type].shape}' and ${compared})`;
};

const temporalToSql = (path: Named, test: Test, bind: Bind, alias: string): string => {
  const step = (target: string) => target.replace('@', '$');
  const each =
    'than' in test || ('anyOf' in test && test.anyOf.some((value) => value.type === 'range'))
      ? ''
      : '[*]';
  const targets = path.member
    ? singlesOf(path)
    : [...wholes(path), `@.value${within(path)}."@value"`];
  const texts = targets
    .map(
      (target) =>
        `select t from jsonb_path_query(i.j, ${bind(step(target) + each)}::jsonpath, '{}', true) as t`,
    )
    .join(' union all ');
  const text = `(x.t #>> '{}')`;
  const found = (condition: string) =>
    `exists (select 1 from (${texts}) as x where case when jsonb_typeof(x.t) = 'string' then ${condition} else false end)`;
  const holds =
    'than' in test
      ? found(
          `${text} ~ '${TEMPORAL[test.than.type as TemporalType].shape}' and ${keySql(text, test.than.type as TemporalType)} ${SQL_ORDER[test.op]} ${bind(test.than.value)}`,
        )
      : 'anyOf' in test
        ? found(test.anyOf.map((value) => compareSql(text, value, bind)).join(' or '))
        : 'false';
  const condition =
    test.op === '!='
      ? `jsonb_path_exists(i.j, ${bind(`$ ? (${presence(path)})`)}::jsonpath, '{}', true) and not ${holds}`
      : holds;
  return `exists (select 1 from jsonb_path_query(${alias}.attributes, ${bind(instances(path))}::jsonpath, '{}', true) as i(j) where ${condition})`;
};

/** The entity's own times compare with instants only. */
const systemToSql = (column: string, test: Test, bind: Bind): string => {
  const instant = (key: string) => `${bind(`${key}Z`)}::timestamptz`;
  if ('than' in test)
    return test.than.type === 'dateTime'
      ? `${column} ${SQL_ORDER[test.op]} ${instant(test.than.value)}`
      : 'false';
  if ('pattern' in test) return 'false';
  const equal = test.anyOf.map((value) => {
    if (value.type === 'dateTime') return `${column} = ${instant(value.value)}`;
    return value.type === 'range' && value.from.type === 'dateTime'
      ? `${column} between ${instant(value.from.value)} and ${instant(value.to.value as string)}`
      : 'false';
  });
  return `${test.op === '!=' ? 'not ' : ''}(${equal.join(' or ')})`;
};
