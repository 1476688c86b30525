import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { writeArchive } from '#kernel/archive';
import type { Database } from '#kernel/database';
import { systemClock, toInstant } from '#kernel/time';

const OWNER_ONLY = 0o600;

/**
 * The archive as a stream. It is written to a file first, at the speed of the disk, because the embedded engine does
 * nothing else while its transaction is open: how slowly the reader takes it must not matter to the city.
 */
export const openArchiveStream = async (
  database: Database,
  schemas: readonly string[],
  version: string,
  folder: string,
): Promise<Readable> => {
  const file = join(folder, `archive-${randomUUID()}.partial`);
  const out = createWriteStream(file, { mode: OWNER_ONLY, flags: 'wx' });
  const put = async (line: string) => {
    if (!out.write(line)) await once(out, 'drain');
  };
  try {
    await writeArchive(database, put, { schemas, version, at: toInstant(systemClock.now()) });
    out.end();
    await finished(out);
  } catch (error) {
    out.destroy();
    await rm(file, { force: true });
    throw error;
  }
  const stream = createReadStream(file);
  stream.once('close', () => void rm(file, { force: true }));
  return stream;
};
