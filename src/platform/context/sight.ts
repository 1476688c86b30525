import { type Actor, ANONYMOUS, isWithinScopes } from '#kernel/actor';
import type { Policy, View } from '#platform/policy';
import { coreNames } from './jsonld/compile.ts';
import type { EntityChanged } from './contract.ts';
import type { Attributes, Entity } from './model.ts';
import type { Bind } from './query/bind.ts';
import type { Reader } from './query/reader.ts';
import { LOCATION } from './store/rows.ts';

const READ = 'context.entity.read';

/** Attributes that are seen of the entities of some alone: whose, and of which attributes. */
type Hidden = { readonly names: readonly string[]; readonly except: readonly string[] };
type TypeSight = {
  readonly type: string;
  readonly owners: readonly string[];
  /** Entities are seen of these alone, where it is there. */
  readonly whole?: readonly string[];
  readonly hidden: readonly Hidden[];
};

/** What one reader does not see of entities, in full names. Where there is none, everything is seen. */
export type Sight = {
  readonly types: ReadonlyMap<string, TypeSight>;
  /** The same for all who see the same. */
  readonly key: string;
};
export type SightOf = (actor: Actor) => Sight | undefined;

const compile = ({ types }: View): Sight => ({
  key: JSON.stringify(types),
  types: new Map(
    types.map(({ type, owners, whole, attributes }) => {
      const name = coreNames.expand(type);
      const byOwner = Map.groupBy(Object.entries(attributes), ([, of]) => JSON.stringify(of));
      return [
        name,
        {
          type: name,
          owners: owners.map(coreNames.expand),
          ...(whole ? { whole } : {}),
          hidden: Array.from(byOwner.values(), (same) => ({
            names: same.map(([attribute]) => coreNames.expand(attribute)),
            except: same[0]![1],
          })),
        },
      ];
    }),
  ),
});

/** Turns what policy says of an actor into what the broker asks its own entities by. */
export const openSight = ({ viewOf }: Pick<Policy, 'viewOf'>): SightOf => {
  const compiled = new WeakMap<View, Sight>();
  return (actor) => {
    // What may not read for its person sees what everybody does.
    const view = viewOf(isWithinScopes(actor, READ) ? actor : ANONYMOUS);
    if (!view) return undefined;
    let sight = compiled.get(view);
    if (!sight) compiled.set(view, (sight = compile(view)));
    return sight;
  };
};

const targetsOf = (attributes: Attributes, name: string): readonly unknown[] =>
  (attributes[name] ?? []).flatMap(({ object, objectList }) =>
    [object ?? [], objectList ?? []].flat(),
  );

const isOf = (
  { attributes }: Pick<Entity, 'attributes'>,
  owners: readonly string[],
  of: readonly string[],
) =>
  of.length > 0 &&
  owners.some((name) => targetsOf(attributes, name).some((uri) => of.includes(uri as string)));

/** Names of what is hidden of an entity; undefined where the entity itself is. */
const hiddenOf = (
  entity: Pick<Entity, 'types' | 'attributes'>,
  { types }: Sight,
): readonly string[] | undefined => {
  const names: string[] = [];
  for (const type of entity.types) {
    const said = types.get(type);
    if (!said) continue;
    const { owners, whole, hidden } = said;
    if (whole && !isOf(entity, owners, whole)) return undefined;
    for (const { names: some, except } of hidden)
      if (!isOf(entity, owners, except)) names.push(...some);
  }
  return names;
};

const without = (attributes: Attributes, names: readonly string[]): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)));

/** The entity as it is seen, if at all. */
export const seen = (entity: Entity, sight: Sight | undefined): Entity | undefined => {
  if (!sight) return entity;
  const hidden = hiddenOf(entity, sight);
  if (!hidden) return undefined;
  return hidden.some((name) => Object.hasOwn(entity.attributes, name))
    ? { ...entity, attributes: without(entity.attributes, hidden) }
    : entity;
};

/** A change as it is seen: undefined where nothing of what changed is. */
export const changeAsSeen = (
  change: EntityChanged,
  sight: Sight | undefined,
): EntityChanged | undefined => {
  if (!sight || !change.types.some((type) => sight.types.has(type))) return change;
  const { types, attributes, previous } = change;
  const hidden = hiddenOf({ types, attributes: attributes as Attributes }, sight);
  if (!hidden) return undefined;
  const visible = (name: string) => !hidden.includes(name);
  const changed = change.changed.filter(visible);
  if (change.op === 'update' && change.changed.length > 0 && changed.length === 0) return undefined;
  const left = (all: Readonly<Record<string, unknown[]>>) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => visible(name)));
  return {
    ...change,
    changed,
    attributes: left(attributes),
    ...(previous ? { previous: left(previous) } : {}),
  };
};

/** Reads entities as somebody sees them, wherever they are: questions are about what is seen. */
export const seenBy = (reader: Reader, sight: Sight | undefined): Reader =>
  sight
    ? {
        find: async (question) => {
          const entity = await reader.find(question);
          return entity && seen(entity, sight);
        },
        list: (question) => reader.list({ ...question, sight }),
        map: (filter) => reader.map({ ...filter, sight }),
        linked: async (ids, tenant) =>
          (await reader.linked(ids, tenant)).flatMap((entity) => seen(entity, sight) ?? []),
      }
    : reader;

const ofSql = (owners: readonly string[], of: readonly string[], bind: Bind, attributes: string) =>
  owners.length === 0 || of.length === 0
    ? 'false'
    : `(${owners
        .flatMap((name) =>
          ['object', 'objectList'].map(
            (member) =>
              `coalesce(jsonb_path_exists(${attributes}, ${bind(`$.${JSON.stringify(name)}[*].${member}[*] ? (@ == $u[*])`)}::jsonpath, ${bind(JSON.stringify({ u: of }))}::jsonb, true), false)`,
          ),
        )
        .join(' or ')})`;

/** The attributes by which it is known whose an entity is; what the history alone knows is nobody's. */
const OWN = (alias: string) => `${alias}.attributes`;

/** Whether an entity is seen at all, over a table alias with `types`. */
export const visibleSql = (
  { types }: Sight,
  bind: Bind,
  alias = 'e',
  attributes = OWN(alias),
): string => {
  const closed = [...types.values()].filter(({ whole }) => whole);
  const conditions = closed.map(
    ({ type, owners, whole = [] }) =>
      `(not ${alias}.types @> array[${bind(type)}]::text[] or ${ofSql(owners, whole, bind, attributes)})`,
  );
  return conditions.length > 0 ? conditions.join(' and ') : 'true';
};

/** The names of what is hidden of an entity that is seen, as an array. */
export const hiddenSql = (
  { types }: Sight,
  bind: Bind,
  alias = 'e',
  attributes = OWN(alias),
): string => {
  const parts = [...types.values()].flatMap(({ type, owners, hidden }) =>
    hidden.map(({ names, except }) => {
      const own = except.length > 0 ? ` and not ${ofSql(owners, except, bind, attributes)}` : '';
      return `case when ${alias}.types @> array[${bind(type)}]::text[]${own} then ${bind(names)}::text[] else '{}' end`;
    }),
  );
  return parts.length > 0 ? `(${parts.join(' || ')})` : `'{}'::text[]`;
};

const ROW = ['tenant', 'id', 'types', 'scopes', 'created_at', 'modified_at', 'expires_at'];
const rowSql = (alias: string) => ROW.map((column) => `${alias}.${column}`).join(', ');
const isTouchedSql = ({ types }: Sight, bind: Bind, alias: string) =>
  `${alias}.types && ${bind([...types.keys()])}::text[]`;

/**
 * That an entity `e` either has nothing to hide and meets `open`, or is seen and meets `again` with what is left of it
 * under another alias.
 */
export const holdsSeenSql = (
  sight: Sight,
  bind: Bind,
  open: readonly string[],
  again: (alias: string) => readonly string[],
): string => {
  const touched = isTouchedSql(sight, bind, 'e');
  const hidden = hiddenSql(sight, bind, 'e');
  const left = `select ${rowSql('e')}, e.attributes - ${hidden} as attributes,
    case when ${bind(LOCATION)} = any(${hidden}) then null else e.location end as location
    where ${visibleSql(sight, bind, 'e')}`;
  const conditions = ['true', ...again('s')].join(' and ');
  return `(case when ${touched} then exists (select 1 from (${left}) as s where ${conditions})
    else ${['true', ...open].join(' and ')} end)`;
};

/**
 * The entities as somebody sees them, in the place of the table: what is hidden is not there to be asked for. `from` is
 * what they are taken from, under the alias.
 */
export const seenSql = (
  sight: Sight | undefined,
  bind: Bind,
  alias = 'e',
  from?: string,
): string => {
  const table = from ?? `context.entities ${alias}`;
  if (!sight) return table;
  const hidden = hiddenSql(sight, bind, alias);
  const isTouched = isTouchedSql(sight, bind, alias);
  return `(select ${rowSql(alias)}, ${alias}.attributes_expire_at,
      case when ${isTouched} then ${alias}.attributes - ${hidden} else ${alias}.attributes end as attributes,
      case when ${isTouched} and ${bind(LOCATION)} = any(${hidden}) then null else ${alias}.location end as location
    from ${table} where ${visibleSql(sight, bind, alias)}) as ${alias}`;
};
