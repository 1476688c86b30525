import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { locationOf } from '../ngsi-ld/parameters.ts';
import { booleanOf } from '../ngsi-ld/question-parameters.ts';
import type { Sources } from '../query/reader.ts';
import { type EntityMap, type EntityMaps, lifetimeOf } from './maps.ts';

const Text = Type.Optional(Type.String());
const HEADER = 'ngsild-entitymap';

/** Tables 6.4.3.2-1 and 6.5.3.1-1. */
export const MAPPING = { entityMap: Text, entityMapLifetime: Text };
export type MappingParameters = { readonly [name in keyof typeof MAPPING]?: string | undefined };

/** The id at the end of a map's location, or the id alone. */
const idOf = (location: string): string => {
  const last = location.slice(location.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
};

export const sendEntityMap = (reply: FastifyReply, { id }: EntityMap): void => {
  reply.header(HEADER, locationOf('entityMaps', id));
};

/**
 * The entities that a map still leads to (clause 5.5.9.3): those here that no longer fit leave it for good. Of what other
 * sources hold nothing is concluded, as they may be out of reach for now.
 */
export const candidatesOf = async (
  { id, sources }: EntityMap,
  tenant: string,
  maps: EntityMaps,
  fitting: (ids: readonly string[]) => Promise<Sources>,
): Promise<readonly string[]> => {
  const all = Object.keys(sources);
  const here = all.filter((one) => sources[one]!.every((source) => source === '@none'));
  const fit = here.length > 0 ? await fitting(here) : {};
  const gone = new Set(here.filter((one) => !Object.hasOwn(fit, one)));
  if (gone.size === 0) return all;
  await maps.prune(id, tenant, [...gone]);
  return all.filter((one) => !gone.has(one));
};

/** How a request takes part in a sequence of requests by an entity map (clause 5.5.14). */
export type Mapped = {
  /** The map that the request refers to, as far as it is still there. */
  readonly referred?: EntityMap;
  /** Answers with that map, or makes one where the request wants one. */
  readonly ensure: (sources: () => Promise<Sources>) => Promise<EntityMap | undefined>;
};

/** Throws Refusal('invalid'). */
export const readEntityMap = async (
  request: FastifyRequest,
  reply: FastifyReply,
  maps: EntityMaps,
  { entityMap, entityMapLifetime }: MappingParameters,
  tenant: string,
): Promise<Mapped> => {
  const isWanted = booleanOf(entityMap, 'entityMap');
  const lifetimeMs = lifetimeOf(entityMapLifetime);
  const header = request.headers[HEADER];
  const referred = typeof header === 'string' ? await maps.find(idOf(header), tenant) : undefined;
  const ensure: Mapped['ensure'] = async (sources) => {
    if (!referred && !isWanted && header === undefined) return undefined;
    const map = referred ?? (await maps.add(await sources(), tenant, lifetimeMs));
    sendEntityMap(reply, map);
    return map;
  };
  return { ...(referred ? { referred } : {}), ensure };
};
