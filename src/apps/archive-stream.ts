import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { writeArchive } from '#kernel/archive';
import type { Database } from '#kernel/database';
import { systemClock, toInstant } from '#kernel/time';

/** The archive as a stream, written as fast as it is read. A reader that goes away ends the writing. */
export const openArchiveStream = (
  database: Database,
  schemas: readonly string[],
  version: string,
): Readable => {
  const out = new PassThrough();
  const gone = new AbortController();
  out.once('close', () => gone.abort());
  const put = async (line: string) => {
    if (!out.write(line)) await once(out, 'drain', { signal: gone.signal });
  };
  writeArchive(database, put, { schemas, version, at: toInstant(systemClock.now()) }).then(
    () => out.end(),
    (error: Error) => out.destroy(error),
  );
  return out;
};
