import type { Bind } from './bind.ts';
import { type Operand, TEMPORAL, type TemporalType } from './operand.ts';
import {
  attributesSql,
  existsSql,
  instances,
  type Named,
  presence,
  singlesOf,
  wholes,
  within,
} from './paths-to-sql.ts';
import type { Order, Range, Test } from './q.ts';

/** A dot and six digits. */
const FRACTION_CHARACTERS = 7;

const SQL_ORDER: Readonly<Record<Order, string>> = { '>': '>', '>=': '>=', '<': '<', '<=': '<=' };

/** Dates and times compare in time (clause 4.9): by a key of the stored text, whatever its fraction of a second. */
const keySql = (text: string, type: TemporalType): string =>
  type === 'date'
    ? `(${text}) collate "C"`
    : `rpad(translate(rtrim(${text}, 'Z'), ',', '.') || case when ${text} ~ '[.,]' then '' else '.' end, ${TEMPORAL[type].keyCharacters}, '0') collate "C"`;

type Bounds = { readonly type: TemporalType; readonly from?: string; readonly to?: string };

/** What lies between which keys, as far as whole seconds tell. */
const boundsOf = (test: Test): readonly Bounds[] => {
  if ('pattern' in test) return [];
  if ('than' in test) {
    const { type, value } = test.than as Operand & { type: TemporalType; value: string };
    return [test.op.startsWith('>') ? { type, from: value } : { type, to: value }];
  }
  return test.anyOf.map((value) => {
    const [from, to] = value.type === 'range' ? [value.from, value.to] : [value, value];
    return { type: from.type as TemporalType, from: String(from.value), to: String(to.value) };
  });
};

/** Where a value stands as text, or as the text of a typed value (annex C.6). */
const targetsOf = (path: Named): readonly string[] =>
  path.member ? singlesOf(path) : [...wholes(path), `@.value${within(path)}."@value"`];

/** A quick look at the text alone, which passes over most entities; the exact comparison follows. */
const coarseToSql = (path: Named, test: Test, bind: Bind, alias: string): string => {
  const values: Record<string, string> = {};
  const toVar = (text: string): string => {
    const name = `v${Object.keys(values).length}`;
    values[name] = text;
    return `$${name}`;
  };
  const conditions = boundsOf(test).flatMap(({ type, from, to }) => {
    const seconds = TEMPORAL[type].keyCharacters - (type === 'date' ? 0 : FRACTION_CHARACTERS);
    const low = from === undefined ? undefined : toVar(from.slice(0, seconds));
    const high = to === undefined ? undefined : toVar(`${to.slice(0, seconds)}~`);
    return targetsOf(path).map((target) =>
      [...(low ? [`${target} >= ${low}`] : []), ...(high ? [`${target} <= ${high}`] : [])].join(
        ' && ',
      ),
    );
  });
  return existsSql(
    attributesSql(alias, path.member),
    `${instances(path)} ? (${conditions.map((one) => `(${one})`).join(' || ')})`,
    values,
    bind,
  );
};

/** One value of a test on the stored text, where that is of the same kind. */
const compareSql = (text: string, value: Operand | Range, bind: Bind): string => {
  const type = (value.type === 'range' ? value.from.type : value.type) as TemporalType;
  const key = keySql(text, type);
  const compared =
    value.type === 'range'
      ? `${key} between ${bind(value.from.value)} and ${bind(value.to.value)}`
      : `${key} = ${bind(value.value)}`;
  return `(${text} ~ '${TEMPORAL[type].shape}' and ${compared})`;
};

/** A test against dates, times or instants, all of its values being such. */
export const temporalToSql = (path: Named, test: Test, bind: Bind, alias: string): string => {
  // Order looks at a value as a whole, equality into arrays too.
  const each =
    'than' in test || ('anyOf' in test && test.anyOf.some(({ type }) => type === 'range'))
      ? ''
      : '[*]';
  const texts = targetsOf(path)
    .map((target) => bind(target.replace('@', '$') + each))
    .map((target) => `select t from jsonb_path_query(i.j, ${target}::jsonpath, '{}', true) as t`)
    .join(' union all ');
  const text = `(x.t #>> '{}')`;
  const condition =
    'anyOf' in test
      ? test.anyOf.map((value) => compareSql(text, value, bind)).join(' or ')
      : 'than' in test
        ? `${text} ~ '${TEMPORAL[test.than.type as TemporalType].shape}' and ${keySql(text, test.than.type as TemporalType)} ${SQL_ORDER[test.op]} ${bind(test.than.value)}`
        : 'false';
  const holds = `exists (select 1 from (${texts}) as x where case when jsonb_typeof(x.t) = 'string' then ${condition} else false end)`;
  const some = (ofInstance: string) =>
    `exists (select 1 from jsonb_path_query(${attributesSql(alias, path.member)}, ${bind(instances(path))}::jsonpath, '{}', true) as i(j) where ${ofInstance})`;
  return test.op === '!='
    ? some(`${existsSql('i.j', `$ ? (${presence(path)})`, {}, bind)} and not ${holds}`)
    : `(${coarseToSql(path, test, bind, alias)} and ${some(holds)})`;
};

/** The entity's own times compare with instants only. */
export const systemToSql = (column: string, test: Test, bind: Bind): string => {
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
