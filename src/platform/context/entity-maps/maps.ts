import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { type Clock, parseDurationMs, toInstant } from '#kernel/time';
import type { Sources } from '../query/reader.ts';

/** Maps are for a sequence of requests; who needs one longer says so (clause 5.14.2): it is their number that is bounded. */
const LIFETIME_MS_DEFAULT = 3_600_000;
/** Later instants have no four-digit year before long. */
const LIFETIME_YEARS_MAX = 100;
const LIFETIME_MS_MAX = LIFETIME_YEARS_MAX * 365 * 86_400_000;
/** Of one tenant; beyond this the one that would expire next goes first. */
const MAPS_MAX = 1_000;

export type EntityMap = {
  readonly id: string;
  readonly sources: Sources;
  /** The maps that other sources made of it, by registration. */
  readonly linked: Readonly<Record<string, string>>;
  readonly expiresAt: string;
};

const COLUMNS = 'm.id, m.sources, m.linked, m.expires_at as "expiresAt"';

/** How long a map is to be, in milliseconds; undefined where nothing is said. Throws Refusal('invalid'). */
export const lifetimeOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const ms = parseDurationMs(text);
  if (!ms)
    throw new Refusal(
      'invalid',
      'entityMapLifetime is a duration such as PT10M (ISO 8601, table 6.4.3.2-1).',
    );
  if (ms > LIFETIME_MS_MAX)
    throw new Refusal('invalid', `entityMapLifetime is at most ${LIFETIME_YEARS_MAX} years.`);
  return ms;
};

/** Entity maps (clause 5.14): one row each, gone when their time is up. */
export const openEntityMaps = (database: Database, clock: Clock) => ({
  /** The map of this id; undefined where there is none, or its time is up. */
  find: async (id: string, tenant: string): Promise<EntityMap | undefined> => {
    const [map] = await database.query<EntityMap>(
      `select ${COLUMNS} from context.entity_maps m where m.tenant = $1 and m.id = $2 and m.expires_at > $3`,
      [tenant, id, toInstant(clock.now())],
    );
    return map;
  },
  add: async (
    sources: Sources,
    tenant: string,
    lifetimeMs = LIFETIME_MS_DEFAULT,
    linked: EntityMap['linked'] = {},
  ): Promise<EntityMap> => {
    const id = `urn:ngsi-ld:EntityMap:${newId()}`;
    const expiresAt = toInstant(clock.now().getTime() + lifetimeMs);
    await database.query(
      `with surplus as (
         delete from context.entity_maps m using (
           select id from context.entity_maps where tenant = $1 order by expires_at desc offset $6) as s
         where m.tenant = $1 and m.id = s.id)
       insert into context.entity_maps (tenant, id, sources, linked, expires_at)
       values ($1, $2, $3::jsonb, $4::jsonb, $5)`,
      [tenant, id, JSON.stringify(sources), JSON.stringify(linked), expiresAt, MAPS_MAX - 1],
    );
    return { id, sources, linked, expiresAt };
  },
  /** Moves the end of a map (clause 5.5.14: nobody changes more). Answers whether it was there. */
  setExpiry: async (id: string, tenant: string, wantedMs: number): Promise<boolean> => {
    const expiresAt = toInstant(wantedMs);
    const moved = await database.query(
      `update context.entity_maps set expires_at = $4 where tenant = $1 and id = $2 and expires_at > $3 returning 1 as done`,
      [tenant, id, toInstant(clock.now()), expiresAt],
    );
    return moved.length > 0;
  },
  /** Takes entities out of a map (clause 5.5.9.3). */
  prune: async (id: string, tenant: string, gone: readonly string[]): Promise<void> => {
    await database.query(
      'update context.entity_maps set sources = sources - $3::text[] where tenant = $1 and id = $2',
      [tenant, id, gone],
    );
  },
  /** Answers whether it was there. */
  remove: async (id: string, tenant: string): Promise<boolean> => {
    const removed = await database.query(
      `delete from context.entity_maps where tenant = $1 and id = $2 and expires_at > $3 returning 1 as done`,
      [tenant, id, toInstant(clock.now())],
    );
    return removed.length > 0;
  },
  /** Removes those whose time is up. */
  forget: async (): Promise<void> => {
    await database.query('delete from context.entity_maps where expires_at <= $1', [
      toInstant(clock.now()),
    ]);
  },
});
export type EntityMaps = ReturnType<typeof openEntityMaps>;
