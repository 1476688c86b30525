import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { migrateHouse, openHouseDatabase, schemasOf } from '#kernel/boot';
import type { Config } from '#kernel/config';
import type { Database } from '#kernel/database';
import { openArchiveStream } from '../archive-stream.ts';
import { openLog } from '#kernel/log';
import { modules } from '../house.ts';
import { version } from '../open.ts';

const hasTables = async (database: Database) => {
  const [row] = await database.query<{ found: string | null }>(
    "select to_regclass('kernel.migrations')::text as found",
  );
  return row?.found !== null;
};

/** Archives what is there as it is, then applies the migrations that are new. The way back: the old version and `restore`. */
export const upgrade = async (
  config: Config,
  stamp: string,
): Promise<{ applied: string[]; backup?: string }> => {
  await using database = await openHouseDatabase(config, openLog(config.logLevel));
  if (!(await hasTables(database))) return migrateHouse(database, modules);
  const backup = join(config.dataDir, 'backups', `${stamp}-before-${version}.ndjson.gz`);
  await mkdir(join(config.dataDir, 'backups'), { recursive: true });
  await pipeline(
    await openArchiveStream(database, schemasOf(modules), version, config.dataDir),
    createGzip(),
    createWriteStream(backup, { flags: 'wx' }),
  );
  return { ...(await migrateHouse(database, modules)), backup };
};
