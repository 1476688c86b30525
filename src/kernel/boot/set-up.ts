import type { Config } from '#kernel/config';
import type { Database } from '#kernel/database';
import { readSettings } from '#kernel/config';
import type { Logger } from '#kernel/log';
import type { Metrics } from '#kernel/metrics';
import type { Built, Kernel, Module, Tx } from '#kernel/module';
import { must } from '#kernel/errors';
import { appendEvents, type NewEvent, type Outbox } from '#kernel/outbox';
import type { Clock } from '#kernel/time';
import { Value } from 'typebox/value';

type Given = {
  config: Config;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  database: Database;
  outbox: Outbox;
  consoleSecret: string;
  modules: readonly Module[];
  schema: string;
};

/** All that happens outside a tenant's own data belongs to the city itself. */
const CITY_TENANT = '';

/** Hands a module its kernel and the doors it uses, and takes what it built. */
export const setUp = (
  m: Module,
  built: ReadonlyMap<string, Built<unknown>>,
  { modules, schema, outbox, database, config, log, ...rest }: Given,
): Built<unknown> => {
  const transact = async <T>(work: (tx: Tx<unknown, never>) => Promise<T>): Promise<T> => {
    if (Object.keys(m.events).length > 0) outbox.mustHaveRoom();
    const done = await database.transaction(async (tx) => {
      const events: NewEvent[] = [];
      const emit = (type: string, key: string, data: unknown) => {
        const shape = m.events[type];
        must(shape && Value.Check(shape, data), `The event ${type} is not as its manifest says.`);
        events.push({ tenant: CITY_TENANT, type, key, data });
      };
      const result = await work({ db: tx.kysely(schema), sql: tx.sql, emit: emit as never });
      await appendEvents(tx.sql, events);
      return { result, events: events.length };
    });
    if (done.events > 0) outbox.committed();
    return done.result;
  };
  const kernel: Kernel<unknown, never, unknown> = {
    ...rest,
    config,
    database,
    outbox,
    log: log.child({ module: m.provides.id }),
    settings: m.settings ? readSettings(m.settings, config.env) : {},
    db: database.schema(schema),
    manifests: modules,
    transact: transact as never,
  };
  const apis = Object.fromEntries(m.uses.map(({ id }) => [id, built.get(id)?.api]));
  return m.setup(kernel as never, apis as never);
};
