import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '#kernel/config';
import { type Database, migrate, openDatabase, templateFolder } from '#kernel/database';
import type { Logger } from '#kernel/log';
import { inOrder, type Module } from '#kernel/module';

const OUTBOX_MIGRATIONS = fileURLToPath(new URL('../outbox/migrations', import.meta.url));

/** A module's tables live in the Postgres schema of its name. */
export const schemaOf = (m: Module) => m.provides.id.replaceAll('-', '_');

/** The schemas of the house that hold tables, the kernel's own first. */
export const schemasOf = (modules: readonly Module[]): string[] => [
  'kernel',
  ...modules.filter((m) => m.storage).map(schemaOf),
];

/** The database that the configuration names: a server, or the embedded engine under DATA_DIR. */
export const openHouseDatabase = (config: Config, log: Logger): Promise<Database> =>
  openDatabase(
    {
      ...(config.databaseUrl ? { url: config.databaseUrl } : {}),
      folder: join(config.dataDir, 'db'),
      template: templateFolder(),
      connections: config.databaseConnections,
    },
    log,
  );

/** Brings the tables of the kernel and of every module to this version. */
export const migrateHouse = (database: Database, modules: readonly Module[]) =>
  migrate(database, [
    { schema: 'kernel', folder: OUTBOX_MIGRATIONS },
    ...inOrder(modules).flatMap((m) =>
      m.storage ? [{ schema: schemaOf(m), folder: fileURLToPath(m.storage.migrations) }] : [],
    ),
  ]);
