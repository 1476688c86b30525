import { type Actor, ANONYMOUS } from '#kernel/actor';
import { Refusal } from '#kernel/errors';
import { parseInstant } from '#kernel/time';
import type { EntityChanged } from '../contract.ts';
import type { Entity } from '../model.ts';
import { selectorOf } from '../ngsi-ld/question-parameters.ts';
import { parseGeoQuestion } from '../query/geo.ts';
import { checkMatchable, matchesGeo } from '../query/geo-matches.ts';
import { matchesQuery } from '../query/matches.ts';
import { parseQ, type Query } from '../query/q.ts';
import type { Filter, Selector } from '../query/question.ts';
import { matchesScopes, parseScopes } from '../query/scope.ts';
import { matchesTypes } from '../query/type-selector.ts';
import { hasLost } from './changes.ts';
import { projectionOfKept } from './draw.ts';
import { shownUri } from './endpoint.ts';
import type { Trigger } from './document.ts';
import { FULL, type Kept } from './full-names.ts';

/** A subscription made ready to be asked about every change. */
export type Watch = {
  readonly tenant: string;
  readonly id: string;
  /** Without its password. */
  readonly endpoint: string;
  readonly filter: Filter;
  /** Whether the filter can be held against an entity at hand; else the database is asked. */
  readonly isAtHand: boolean;
  readonly triggers: ReadonlySet<Trigger>;
  readonly watched?: ReadonlySet<string>;
  /** Attributes that the receiver is told of; all where absent. */
  readonly told?: ReadonlySet<string>;
  readonly showsChanges: boolean;
  readonly throttlingMs?: number;
  readonly fromMs: number;
  readonly untilMs: number;
  /** In whose name it was last written: no more is told than this actor sees. */
  readonly subscriber: Actor;
  /** What it was made from. */
  readonly document: Kept;
  readonly context: unknown;
};

const DEFAULT_TRIGGERS: readonly Trigger[] = ['attributeCreated', 'attributeUpdated'];

/** Table 5.2.12-1: entityUpdated stands for any change of an attribute. */
const triggersOf = (given: readonly Trigger[] = DEFAULT_TRIGGERS): ReadonlySet<Trigger> =>
  new Set(
    given.flatMap((trigger): Trigger[] =>
      trigger === 'entityUpdated'
        ? ['attributeCreated', 'attributeUpdated', 'attributeDeleted']
        : [trigger],
    ),
  );

/** Which entities a subscription is about. Throws Refusal('invalid'). */
export const filterOfKept = (kept: Kept, tenant: string): Filter => {
  const { entities, q, terms = {}, geoQ, scopeQ, expandValues } = kept;
  const geo = parseGeoQuestion((geoQ ?? {}) as { georel?: string }, FULL.expand);
  return {
    tenant,
    ...(entities
      ? {
          selectors: entities.map(({ type, id, idPattern }) =>
            selectorOf({ type, ids: typeof id === 'string' ? [id] : id, idPattern }, FULL),
          ),
        }
      : {}),
    ...(q === undefined
      ? {}
      : {
          q: parseQ(q, {
            expand: (term) => terms[term] ?? term,
            links: true,
            ...(expandValues ? { expandValues: new Set(expandValues.split(',')) } : {}),
          }),
        }),
    ...(geo ? { geo } : {}),
    ...(scopeQ === undefined ? {} : { scopes: parseScopes(scopeQ) }),
  };
};

const followsLinks = (query: Query): boolean =>
  'of' in query ? query.of.some(followsLinks) : query.kind === 'linked';

/** Whether the filter can be held against an entity without the database. */
const isAtHand = ({ geo, q }: Filter): boolean => {
  if (q && followsLinks(q)) return false;
  if (!geo) return true;
  try {
    checkMatchable(geo);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
};

/** Throws Refusal('invalid') for what is no question. */
export const toWatch = (
  kept: Kept,
  {
    tenant,
    id,
    createdAt,
    subscriber,
    context,
  }: {
    tenant: string;
    id: string;
    createdAt: string;
    subscriber?: Actor | null;
    context?: unknown;
  },
): Watch => {
  const { notification, throttling, expiresAt } = kept;
  const filter = filterOfKept(kept, tenant);
  const { only: told } = projectionOfKept(notification);
  return {
    tenant,
    id,
    endpoint: shownUri(notification.endpoint.uri),
    filter,
    isAtHand: isAtHand(filter),
    triggers: triggersOf(kept.notificationTrigger),
    showsChanges: notification.showChanges ?? false,
    ...(kept.watchedAttributes ? { watched: new Set(kept.watchedAttributes) } : {}),
    ...(told ? { told } : {}),
    ...(throttling ? { throttlingMs: throttling * 1000 } : {}),
    fromMs: parseInstant(createdAt) ?? 0,
    subscriber: subscriber ?? ANONYMOUS,
    document: kept,
    context: context ?? null,
    untilMs: (expiresAt && parseInstant(expiresAt)) || Infinity,
  };
};

const isTriggered = ({ triggers, watched }: Watch, change: EntityChanged): boolean => {
  const seen = watched ? change.changed.filter((name) => watched.has(name)) : change.changed;
  if (change.op !== 'update') {
    const [entity, attribute] =
      change.op === 'delete'
        ? (['entityDeleted', 'attributeDeleted'] as const)
        : (['entityCreated', 'attributeCreated'] as const);
    if (seen.length > 0) return triggers.has(entity) || triggers.has(attribute);
    return !watched && triggers.has(entity);
  }
  const { made = [], same = [], attributes } = change;
  return seen.some((name) => {
    if (same.includes(name)) return false;
    if (!attributes[name]) return triggers.has('attributeDeleted');
    if (made.includes(name)) return triggers.has('attributeCreated');
    return (
      triggers.has('attributeUpdated') ||
      (triggers.has('attributeDeleted') && hasLost(change, name))
    );
  });
};

const isSelected = ({ types, ids, idPattern }: Selector, entity: Entity): boolean =>
  (!types || matchesTypes(types, entity.types)) &&
  (!ids || ids.includes(entity.id)) &&
  (!idPattern || idPattern.test(entity.id));

/** Whether the subscriber is to be told of this change (clause 5.8.6), as far as that can be said at hand. */
export const isWatched = (watch: Watch, change: EntityChanged, entity: Entity): boolean => {
  const atMs = parseInstant(change.at) ?? 0;
  if (atMs < watch.fromMs || atMs >= watch.untilMs || !isTriggered(watch, change)) return false;
  const { selectors, q, geo, scopes } = watch.filter;
  return (
    (!selectors || selectors.some((selector) => isSelected(selector, entity))) &&
    (!scopes || matchesScopes(scopes, entity.scopes)) &&
    (!watch.isAtHand || ((!q || matchesQuery(q, entity)) && (!geo || matchesGeo(geo, entity))))
  );
};
