import { iriOf } from '../jsonld/compile.ts';
import { type Entity, type Instance, valueOf } from '../model.ts';
import { isTemporal, keyOf, type Operand } from './operand.ts';
import type { Order, Path, Query, Range, Test } from './q.ts';

type Named = Exclude<Path, { system: string }>;

const isObject = (json: unknown): json is Record<string, unknown> =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** An array by its elements, one level deep, as PostgreSQL's lax jsonpath looks into it. */
const elements = (json: unknown): readonly unknown[] => (Array.isArray(json) ? json : [json]);

const stepInto = (values: readonly unknown[], name: string): unknown[] =>
  values
    .flatMap(elements)
    .flatMap((value) => (isObject(value) && Object.hasOwn(value, name) ? [value[name]] : []));

const languagesOf = (
  instance: Instance,
  trail: readonly string[] | undefined,
): readonly unknown[] => {
  const map = instance.languageMap ?? {};
  if (trail === undefined || (trail.length === 1 && trail[0] === '*')) return Object.values(map);
  const [language = ''] = trail;
  return trail.length === 1 && Object.hasOwn(map, language) ? [map[language]] : [];
};

/** What the path reaches in one instance; nothing where the target element does not exist. */
const targetsOf = (instance: Instance, { member, trail }: Named): readonly unknown[] => {
  if (member) return instance[member] === undefined ? [] : [instance[member]];
  if (instance.type === 'LanguageProperty') return languagesOf(instance, trail);
  if (!trail) return [valueOf(instance)];
  const isJson =
    instance.type === 'Property' ||
    instance.type === 'GeoProperty' ||
    instance.type === 'JsonProperty';
  return isJson ? trail.reduce(stepInto, [valueOf(instance)] as unknown[]) : [];
};

const textOf = (value: unknown): unknown =>
  isObject(value) && typeof value['@value'] === 'string' ? value['@value'] : value;

/** The value as it compares with the operand, or undefined where their types differ. */
const alike = (value: unknown, operand: Operand): number | string | boolean | undefined => {
  if (!isTemporal(operand))
    return typeof value === operand.type ? (value as number | string | boolean) : undefined;
  const text = textOf(value);
  return typeof text === 'string' ? keyOf(text, operand.type) : undefined;
};

const isOrdered = (value: unknown, op: Order, operand: Operand): boolean => {
  const left = alike(value, operand);
  if (left === undefined) return false;
  const right = operand.value;
  return op === '>'
    ? left > right
    : op === '>='
      ? left >= right
      : op === '<'
        ? left < right
        : left <= right;
};

const isEqual = (value: unknown, wanted: Operand | Range): boolean =>
  wanted.type === 'range'
    ? isOrdered(value, '>=', wanted.from) && isOrdered(value, '<=', wanted.to)
    : elements(value).some((one) => alike(one, wanted) === wanted.value);

/** Relationships and lists have no order and no pattern; the languages of a map are looked at one by one. */
const singlesOf = (instance: Instance, path: Named): readonly unknown[] => {
  const targets = targetsOf(instance, path);
  if (path.member) return targets;
  if (instance.type === 'LanguageProperty') return targets.flatMap(elements);
  return 'object' in instance || 'objectList' in instance || 'valueList' in instance ? [] : targets;
};

/** Words are equal by their IRI. */
const wordsOf = (
  { type }: Instance,
  { member }: Named,
  targets: readonly unknown[],
): readonly unknown[] =>
  type === 'VocabProperty' && !member
    ? targets.flatMap(elements).map((word) => iriOf(String(word)))
    : targets;

const meets = (instance: Instance, path: Named, test: Test): boolean => {
  if ('than' in test)
    return singlesOf(instance, path).some((value) => isOrdered(value, test.op, test.than));
  if ('pattern' in test) {
    const texts = singlesOf(instance, path).filter((value) => typeof value === 'string');
    const found = texts.filter((text) => test.pattern.test(text));
    if (test.op === '~=') return found.length > 0;
    const isWhole = instance.type === 'LanguageProperty' && !path.member;
    return isWhole ? texts.length > 0 && found.length === 0 : found.length < texts.length;
  }
  const targets = wordsOf(instance, path, targetsOf(instance, path));
  const ranged = singlesOf(instance, path);
  const equal = test.anyOf.some((wanted) =>
    (wanted.type === 'range' ? ranged : targets).some((value) => isEqual(value, wanted)),
  );
  return test.op === '==' ? equal : targets.length > 0 && !equal;
};

const instancesOf = (entity: Entity, { names }: Named): readonly Instance[] => {
  const [first = '', ...rest] = names;
  const top = Object.hasOwn(entity.attributes, first) ? entity.attributes[first]! : [];
  return rest.reduce<readonly Instance[]>(
    (within, name) => within.flatMap((instance) => instance[name as `${string}:${string}`] ?? []),
    top,
  );
};

/** Entities that others point to, by their ids. */
export type FindLinked = (id: string) => Entity | undefined;

/**
 * Whether an entity answers a query: what `queryToSql` asks of the database, for one entity at hand (clause 4.9).
 * `linked` finds what it points to; without it nothing is linked.
 */
export const matchesQuery = (
  query: Query,
  entity: Entity,
  linked: FindLinked = () => undefined,
): boolean => {
  if ('of' in query) {
    const holds = (one: Query) => matchesQuery(one, entity, linked);
    return query.kind === 'and' ? query.of.every(holds) : query.of.some(holds);
  }
  if (query.kind === 'linked') {
    const { name, types } = query;
    const ids = instancesOf(entity, { names: [name] }).flatMap(
      ({ object, objectList }) => objectList ?? elements(object ?? []),
    );
    return ids.some((id) => {
      const other = linked(id as string);
      const isOf = !types || types.some((type) => other?.types.includes(type));
      return other !== undefined && isOf && matchesQuery(query.query, other, linked);
    });
  }
  const { path } = query;
  if ('system' in path) {
    if (query.kind !== 'test') return query.kind === 'present';
    const own: Instance = { type: 'Property', value: entity[path.system] };
    return meets(own, { names: [] }, query.test);
  }
  const instances = instancesOf(entity, path);
  if (query.kind === 'test') return instances.some((instance) => meets(instance, path, query.test));
  const isThere = instances.some((instance) => targetsOf(instance, path).length > 0);
  return query.kind === 'present' ? isThere : !isThere;
};
