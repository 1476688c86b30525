import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Command } from 'commander';
import { readArchive } from '#kernel/archive';
import { CliFailure, readCliConfig, withClient } from './client.ts';
import { openProgress } from './progress.ts';
import { findRun } from '../run-file.ts';
import { openEmptyHouse } from './empty-house.ts';

const MEGABYTE = 1024 * 1024;
const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

/** Written beside its name and moved there when whole, so that no half archive ever bears a good name. */
const fetchArchive = async (file: string) => {
  if (await exists(file)) throw new CliFailure(`${file} exists already.`);
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.partial`;
  const progress = openProgress('archive');
  await withClient(async (client) => {
    const answer = await client.call('/api/house/archive');
    let bytes = 0;
    const counted = async function* (source: AsyncIterable<Uint8Array>) {
      for await (const chunk of source) {
        bytes += chunk.length;
        progress.show(Math.round(bytes / MEGABYTE), undefined, 'MB');
        yield chunk;
      }
    };
    try {
      await pipeline(
        Readable.fromWeb(answer.body as never),
        counted,
        createGzip(),
        createWriteStream(partial),
      );
      await rename(partial, file);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
  });
  progress.end(`${file}, ${((await stat(file)).size / MEGABYTE).toFixed(1)} MB`);
};

/** What is no gzip file is told by its name. */
const linesOf = async function* (file: string): AsyncGenerator<string> {
  const unpacked = createReadStream(file).pipe(createGunzip());
  try {
    yield* createInterface({ input: unpacked, crlfDelay: Infinity });
  } catch (error) {
    throw new CliFailure(`${file} cannot be unpacked: ${(error as Error).message}.`);
  }
};

const restore = async (file: string) => {
  const config = readCliConfig();
  if (await findRun(config.dataDir))
    throw new CliFailure('A server runs on this data folder: stop it first.');
  if (!(await exists(file))) throw new CliFailure(`There is no file ${file}.`);
  await using database = await openEmptyHouse(config);
  const progress = openProgress('restore');
  const rows = await readArchive(database, linesOf(file), (step) =>
    progress.show(step.rows, undefined, step.table),
  );
  progress.end(`${rows.toLocaleString('en')} rows`);
};

const stamp = () => new Date().toISOString().replace(/[:.]/g, '-').slice(0, 19);

export const addArchiveCommands = (program: Command) => {
  program
    .command('export <file>')
    .description(
      '把全部数据导出为一个归档文件 write everything into one archive, readable on both engines',
    )
    .action(fetchArchive);

  program
    .command('backup')
    .description('备份到数据目录下的 backups/ an archive under DATA_DIR/backups, named by its time')
    .action(() => fetchArchive(join(readCliConfig().dataDir, 'backups', `${stamp()}.ndjson.gz`)));

  program
    .command('restore <file>')
    .description('从归档恢复到空的平台 put an archive into an empty house')
    .action(restore);

  program
    .command('upgrade')
    .description('先备份，再迁移到当前版本 back up, then bring the tables to this version')
    .action(async () => {
      const config = readCliConfig();
      if (await findRun(config.dataDir))
        throw new CliFailure('Stop the server first: an upgrade changes its tables.');
      const { applied, backup } = await (await import('./upgrade.ts')).upgrade(config, stamp());
      const text =
        applied.length === 0 ? '已是最新 nothing to do' : `${applied.join(', ')} 已应用 applied`;
      process.stdout.write(`${text}\n${backup ? `备份 backup: ${backup}\n` : ''}`);
    });
};
