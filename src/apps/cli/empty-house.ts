import { mkdir } from 'node:fs/promises';
import { migrateHouse, openHouseDatabase } from '#kernel/boot';
import type { Config } from '#kernel/config';
import type { Database } from '#kernel/database';
import { openLog } from '#kernel/log';
import { modules } from '../house.ts';

/** The database with its tables and nothing in them: no module has started, no administrator exists. */
export const openEmptyHouse = async (config: Config): Promise<Database> => {
  await mkdir(config.dataDir, { recursive: true });
  const database = await openHouseDatabase(config, openLog(config.logLevel));
  await migrateHouse(database, modules);
  return database;
};
