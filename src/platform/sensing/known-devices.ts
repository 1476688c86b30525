import type { Database } from '#kernel/database';
import type { Words } from '#kernel/module';
import type { Clock } from '#kernel/time';
import type { Mapping } from './contract.ts';
import { compileMapping } from './readings/mapped.ts';
import { translatePlain } from './readings/plain.ts';
import type { Source } from './readings/reading.ts';

/** A device that may speak, with all that the hot path needs of it. */
export type KnownDevice = Source & {
  readonly name: Words;
  readonly secretHash: string;
  readonly demo: boolean;
  readonly location?: { readonly lon: number; readonly lat: number };
};

/** A change made by another process is noticed within this time; our own at once. */
const KNOWN_MS = 10_000;
/** The memory of a city's devices; past it the cache begins anew. */
const KNOWN_DEVICES_MAX = 200_000;

const FIND = `
  select d.id, d.name, d.entity, d.entity_type, d.secret_hash, d.demo, d.sandbox, d.lon, d.lat, m.document as mapping
  from sensing.devices d left join sensing.mappings m on m.id = d.mapping
  where d.revoked_at is null and (d.expires_at is null or d.expires_at > $2)`;

type Row = {
  id: string;
  name: Words;
  entity: string;
  entity_type: string;
  secret_hash: string;
  demo: boolean;
  sandbox: boolean;
  lon: number | null;
  lat: number | null;
  mapping: Mapping | null;
};

type Wanted = {
  readonly id: string;
  readonly done: (device: KnownDevice | undefined) => void;
  readonly failed: (error: unknown) => void;
};

/** The devices of this moment, cached so that a reading costs no question. */
export const openKnownDevices = (
  database: Database,
  clock: Clock,
  nameOf: (short: string) => string,
) => {
  const known = new Map<
    string,
    { readonly device: KnownDevice | undefined; readonly until: number }
  >();
  const asked = new Map<string, Promise<KnownDevice | undefined>>();
  let wanted: Wanted[] = [];
  let forgotten = 0;

  const toKnown = (row: Row): KnownDevice => ({
    id: row.id,
    name: row.name,
    entity: row.entity,
    types: [nameOf(row.entity_type)],
    translate: row.mapping ? compileMapping(row.mapping) : translatePlain,
    secretHash: row.secret_hash,
    demo: row.demo,
    sandbox: row.sandbox,
    ...(row.lon === null || row.lat === null ? {} : { location: { lon: row.lon, lat: row.lat } }),
  });

  /** One question for all that are wanted in this turn of the loop: a city's devices expire here by the thousand. */
  const load = async () => {
    const asking = wanted;
    wanted = [];
    const from = forgotten;
    try {
      const rows = await database.query<Row>(
        `${FIND} and d.id = any($1::text[])`,
        [[...new Set(asking.map(({ id }) => id))], clock.now().toISOString()],
        'sensing-find-devices',
      );
      const found = new Map(rows.map((row) => [row.id, toKnown(row)]));
      const until = performance.now() + KNOWN_MS;
      for (const { id, done } of asking) {
        const device = found.get(id);
        // What was forgotten while we asked must not come back with the older answer.
        if (from === forgotten) {
          if (known.size >= KNOWN_DEVICES_MAX) known.clear();
          known.set(id, { device, until });
        }
        done(device);
      }
    } catch (error) {
      for (const { failed } of asking) failed(error);
    }
  };

  const ask = (id: string): Promise<KnownDevice | undefined> => {
    if (wanted.length === 0) setImmediate(() => void load());
    return new Promise((done, failed) => void wanted.push({ id, done, failed }));
  };

  const fresh = (id: string) => {
    const entry = known.get(id);
    return entry && performance.now() < entry.until ? entry : undefined;
  };

  return {
    /** Without asking: undefined where it must be asked for. */
    peek: (id: string): KnownDevice | undefined => fresh(id)?.device,

    find: (id: string): Promise<KnownDevice | undefined> => {
      const entry = fresh(id);
      if (entry) return Promise.resolve(entry.device);
      const under = asked.get(id);
      if (under) return under;
      const question = ask(id).finally(() => {
        if (asked.get(id) === question) asked.delete(id);
      });
      asked.set(id, question);
      return question;
    },

    findBySecretHash: async (secretHash: string): Promise<KnownDevice | undefined> => {
      const [row] = await database.query<Row>(
        `${FIND} and d.secret_hash = $1`,
        [secretHash, clock.now().toISOString()],
        'sensing-find-secret',
      );
      return row && toKnown(row);
    },

    forget: (id: string) => {
      forgotten++;
      known.delete(id);
      asked.delete(id);
    },
    forgetAll: () => {
      forgotten++;
      known.clear();
      asked.clear();
    },
  };
};
export type KnownDevices = ReturnType<typeof openKnownDevices>;
