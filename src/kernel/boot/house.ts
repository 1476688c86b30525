import type { Config } from '#kernel/config';
import type { Database } from '#kernel/database';
import { type App, type Gate, openHttp, tagRoutes } from '#kernel/http';
import { newSecret } from '#kernel/ids';
import type { Logger } from '#kernel/log';
import { openMetrics } from '#kernel/metrics';
import type { Nats } from '#kernel/nats';
import type { Built, Importer, Module } from '#kernel/module';
import { inOrder } from '#kernel/module';
import { openOutbox, type Outbox } from '#kernel/outbox';
import { type Job, openSchedule } from '#kernel/schedule';
import type { Clock } from '#kernel/time';
import { analyzeChanged } from './analyze.ts';
import { closeAll } from './close.ts';
import { openHouseNats } from './house-nats.ts';
import { migrateHouse, openHouseDatabase, schemaOf } from './house-database.ts';
import { listenAt } from './listen.ts';
import { addOwnRoutes, OWN_ACTIONS } from './own-routes.ts';
import { setUp } from './set-up.ts';

export type HouseSettings = {
  readonly modules: readonly Module[];
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly version: string;
  /** Chooses, among what the modules offer, who identifies and who decides. */
  readonly gate: (apis: Readonly<Record<string, unknown>>) => Gate;
  /** A database already open (tests); otherwise the configuration's is opened and closed with the house. */
  readonly database?: Database;
  /** Leave out the default metrics of the runtime, for several houses in one process. */
  readonly quiet?: boolean;
  /** Adds what is served besides the modules, such as the pages. */
  readonly decorate?: (app: App, house: Opened) => Promise<void>;
};

/** What stands before any request is answered. */
export type Opened = {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly nats: Nats | undefined;
  readonly apis: Readonly<Record<string, unknown>>;
  readonly importers: readonly Importer[];
};

export type House = Opened & {
  readonly app: App;
  readonly modules: readonly Module[];
  readonly consoleSecret: string;
  /** Opens HTTP and then the modules' own ports. Answers the address. */
  readonly listen: () => Promise<string>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** Requests in flight when the house stops have so long to be answered. */
const DRAIN_MS_MAX = 10_000;
/** The embedded engine writes its pages out. */
const DATABASE_CLOSE_MS_MAX = 60_000;
const TRIM_EVERY_SECONDS = 60;
const VACUUM_EVERY_SECONDS = 6 * 3600;
const ANALYZE_EVERY_SECONDS = 30;

const ownJobs = (database: Database, outbox: Outbox): Job[] => [
  {
    name: 'kernel.outbox-trim',
    everySeconds: TRIM_EVERY_SECONDS,
    limitSeconds: 300,
    run: async () => {
      await outbox.trim();
    },
  },
  {
    name: 'kernel.analyze',
    everySeconds: ANALYZE_EVERY_SECONDS,
    limitSeconds: 300,
    run: () => analyzeChanged(database),
  },
  {
    name: 'kernel.vacuum',
    everySeconds: VACUUM_EVERY_SECONDS,
    limitSeconds: 3600,
    run: () => database.vacuum(),
  },
];

/** Boots the whole house in process: database, migrations, modules in order, HTTP, outbox, schedule. */
export const openHouse = async (settings: HouseSettings): Promise<House> => {
  const { config, log, clock } = settings;
  const modules = inOrder(settings.modules);
  const database = settings.database ?? (await openHouseDatabase(config, log));
  await migrateHouse(database, modules);

  const metrics = openMetrics(!settings.quiet);
  const nats = await openHouseNats(config, database, log, metrics);
  const outbox = openOutbox(database, log, {
    waitingMax: config.outboxEventsMax,
    ...(nats && { wakes: nats.wakes }),
  });
  const consoleSecret = newSecret('console');
  const built = new Map<string, Built<unknown>>();
  for (const m of modules)
    built.set(
      m.provides.id,
      setUp(m, built, {
        config,
        clock,
        log,
        metrics,
        database,
        outbox,
        consoleSecret,
        modules,
        schema: schemaOf(m),
      }),
    );
  const apis = Object.fromEntries([...built].map(([id, b]) => [id, b.api]));
  const all = [...built.values()];
  const importers = all.flatMap((b) => b.importers ?? []);

  const actions = new Map(
    [OWN_ACTIONS, ...modules.map((m) => m.actions)].flatMap((some) => Object.entries(some)),
  );
  const app = await openHttp({
    config,
    log,
    metrics,
    actions,
    version: settings.version,
    gate: settings.gate(apis),
  });
  let started = false;
  await app.register(async (own: App) => {
    tagRoutes(own, 'house');
    addOwnRoutes(own, { database, outbox, metrics, ready: () => started });
  });
  for (const [id, { routes, doors }] of built) {
    const under = (prefix: string, add: (own: App) => Promise<void> | void) =>
      app.register(
        async (own: App) => {
          tagRoutes(own, id);
          await add(own);
        },
        { prefix },
      );
    if (routes) await under(`/api/${id}`, routes);
    for (const [prefix, door] of Object.entries(doors ?? {})) await under(prefix, door);
  }
  await settings.decorate?.(app, { database, outbox, nats, apis, importers });
  await app.ready();

  for (const { start } of all) await start?.();
  const works = config.role !== 'server';
  await outbox.consume(
    [...all.flatMap((b) => b.consumers ?? []), ...(nats ? [nats.consumer] : [])],
    works,
  );
  const jobs = [...ownJobs(database, outbox), ...all.flatMap((b) => b.jobs ?? [])];
  const schedule = openSchedule(database, works ? jobs : [], log);
  await schedule.start();
  started = true;

  return {
    app,
    database,
    outbox,
    nats,
    modules,
    apis,
    consoleSecret,
    importers,
    listen: async () => {
      const address = await listenAt(app, config);
      if (config.role !== 'worker') for (const { listen } of all) await listen?.();
      return address;
    },
    [Symbol.asyncDispose]: async () => {
      started = false;
      await closeAll(
        [
          { name: 'http', close: () => app.drain(DRAIN_MS_MAX), limitMs: 2 * DRAIN_MS_MAX },
          ...[...built]
            .toReversed()
            .map(([name, { stop }]) => ({ name, close: async () => await stop?.() })),
          { name: 'schedule', close: schedule.close },
          { name: 'outbox', close: outbox.close },
          { name: 'nats', close: async () => nats?.close() },
          {
            name: 'database',
            close: async () => settings.database ?? (await database[Symbol.asyncDispose]()),
            limitMs: DATABASE_CLOSE_MS_MAX,
          },
        ],
        log,
      );
    },
  };
};
