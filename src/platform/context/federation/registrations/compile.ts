import { parseInstant } from '#kernel/time';
import { checkGeometry, type Geometry } from '../../geo/geometry.ts';
import { coreNames } from '../../jsonld/compile.ts';
import { parsePattern } from '../../query/pattern.ts';
import type { Kept } from './full-names.ts';
import type { EntityInfo, Registration, RegistrationInfo, TimeSpan } from './model.ts';
import { operationsOf } from './operations.ts';

const PLACES = ['location', 'observationSpace', 'operationSpace'] as const;
type Information = Kept['information'][number];

const entityOf = ({
  type,
  id,
  idPattern,
}: NonNullable<Information['entities']>[number]): EntityInfo => ({
  types: type === undefined ? [] : [type].flat(),
  ...(id === undefined ? {} : { id }),
  ...(idPattern === undefined || id !== undefined ? {} : { idPattern: parsePattern(idPattern) }),
});

const infoOf = ({ entities, propertyNames, relationshipNames }: Information): RegistrationInfo => ({
  ...(entities ? { entities: entities.map(entityOf) } : {}),
  ...(propertyNames || relationshipNames
    ? { attributes: new Set([...(propertyNames ?? []), ...(relationshipNames ?? [])]) }
    : {}),
});

const spanOf = (interval: { startAt: string; endAt?: string } | undefined): TimeSpan | undefined =>
  interval && {
    fromMs: parseInstant(interval.startAt) ?? -Infinity,
    toMs: interval.endAt === undefined ? Infinity : (parseInstant(interval.endAt) ?? Infinity),
  };

const set = <T extends object>(members: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

/** Registrants name the root of the source or its `/ngsi-ld/v1`; either is meant. */
const ENDPOINT_END = /\/*(?:\/ngsi-ld\/v1\/*)?$/;

/** A kept registration made ready. Throws Refusal('invalid') for a pattern or a place that is none. */
export const compileRegistration = (document: Kept, tenant: string, id: string): Registration => {
  const {
    mode = 'inclusive',
    management = {},
    contextSourceInfo = [],
    scope,
    expiresAt,
  } = document;
  const places: Record<string, Geometry> = {};
  for (const place of PLACES)
    if (document[place] !== undefined)
      places[coreNames.expand(place)] = checkGeometry(document[place]);
  return {
    tenant,
    id,
    endpoint: document.endpoint.replace(ENDPOINT_END, ''),
    mode,
    // Clause 5.9.2.4: an auxiliary source can be read from, no more.
    operations: operationsOf(
      document.operations ?? (mode === 'auxiliary' ? ['retrieveOps'] : undefined),
    ),
    information: document.information.map(infoOf),
    contextSourceInfo,
    places,
    localOnly: management.localOnly ?? document.localOnly ?? false,
    untilMs: (expiresAt !== undefined && parseInstant(expiresAt)) || Infinity,
    document,
    ...set({
      sourceTenant: document.tenant,
      alias: document.contextSourceAlias,
      datasets: document.datasetId,
      scopes: scope === undefined ? undefined : [scope].flat(),
      observed: spanOf(document.observationInterval),
      managed: spanOf(document.managementInterval),
      timeoutMs: management.timeout,
      cooldownMs: management.cooldown,
    }),
  };
};
