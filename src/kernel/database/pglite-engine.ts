/* oxlint-disable no-underscore-dangle -- Emscripten's own names */
import { PGlite } from '@electric-sql/pglite';
import { postgis } from '@electric-sql/pglite-postgis';
import { must } from '#kernel/errors';
import { DURABLE_PARAMS, DurableFolder } from './durable-folder.ts';
import { openMeter } from './meter.ts';
import { join } from './wire.ts';

/** Single-user PostgreSQL has no checkpointer: unless asked, the log grows for ever and recovery takes as long. */
const CHECKPOINT_AFTER_WAL_BYTES = 128 * 1024 * 1024;

export type Fault = { sentence: string; full: boolean };

/** PGlite's main loop swallows what is thrown in it; watching it shows a C++ exception, which leaves no trace in the answer. */
type Loop = {
  _PostgresMainLoopOnce(): void;
  _pgl_setPGliteExitStatus(status: number): number;
  HEAPU8: Uint8Array;
};

/** What Emscripten throws for PostgreSQL's long jump to its error handler. */
const UNWIND = 'unwind';

/** Opens the data folder with the durable file system and proves that a commit reaches the disk. */
export const openEngine = async (folder: string, shared: SharedArrayBuffer) => {
  const meter = openMeter(shared);
  let fault: Fault | undefined;
  let walBytes = 0;
  let walSyncs = 0;
  const fail = (sentence: string, full = false): void => {
    fault ??= { sentence, full };
  };

  const disk = new DurableFolder(folder, {
    synced: (path, ns) => {
      if (path.includes('/pg_wal/')) walSyncs += 1;
      meter.synced(ns);
    },
    walWritten: (bytes) => {
      walBytes += bytes;
    },
    failed: (what, full) => fail(`the disk refused a ${what}`, full),
  });
  const pg = await PGlite.create({
    fs: disk,
    startParams: DURABLE_PARAMS,
    extensions: { postgis },
  });
  const loop = pg.Module as unknown as Loop;

  // PostgreSQL's own errors unwind the loop and are then answered; anything else that is thrown never is.
  const once = loop._PostgresMainLoopOnce;
  let stray: unknown;
  const watched = (): void => {
    try {
      once();
    } catch (error) {
      if (error !== UNWIND) stray = error;
      throw error;
    }
  };
  loop._PostgresMainLoopOnce = watched;
  // PGlite asks for the status after each throw and then goes on, for ever where the engine is dead; this leaves its loop.
  const statusOf = loop._pgl_setPGliteExitStatus;
  loop._pgl_setPGliteExitStatus = (status) => {
    if (stray !== undefined || fault) throw stray ?? new Error(fault?.sentence);
    return statusOf(status);
  };

  const run = async (
    bytes: Uint8Array,
  ): Promise<{ bytes: Uint8Array<ArrayBuffer>; fault: Fault | undefined }> => {
    if (fault) return { bytes: new Uint8Array(0), fault };
    const parts: Uint8Array[] = [];
    stray = undefined;
    meter.busy();
    try {
      // The streaming call: the plain one also parses and keeps every answer for ever.
      await pg.execProtocolRawStream(bytes, {
        syncToFs: false,
        onRawData: (part) => parts.push(part.slice()),
      });
    } catch (error) {
      stray = error;
    } finally {
      meter.free(loop.HEAPU8.length);
    }
    if (stray !== undefined) fail(`the engine stopped inside the statement (${describe(stray)})`);
    return { bytes: join(parts), fault };
  };

  const version = await selfTest(pg, () => walSyncs);
  must(loop._PostgresMainLoopOnce === watched, 'the loop of the embedded engine is not watched');

  return {
    version,
    run,
    /** Runs between transactions, when the log has grown enough. */
    checkpointWhenDue: async (): Promise<void> => {
      if (walBytes < CHECKPOINT_AFTER_WAL_BYTES || fault) return;
      walBytes = 0;
      await pg.exec('CHECKPOINT').catch(() => {}); // a full disk: the log stays, and the next turn tries again
    },
    close: async (): Promise<void> => {
      await pg.exec('CHECKPOINT').catch(() => {});
      await pg.close();
    },
  };
};

const describe = (thrown: unknown): string =>
  thrown instanceof Error
    ? `${thrown.name}: ${thrown.message}`.slice(0, 200)
    : 'a C++ exception, as GEOS and PROJ throw for geometry that is not valid';

/** Settings can be right and the hook still not be called; so a real commit is made and must be seen at the disk. */
export const selfTest = async (pg: PGlite, walSyncs: () => number): Promise<string> => {
  const { rows } = await pg.query<Record<string, string>>(
    `select current_setting('fsync') as fsync, current_setting('wal_sync_method') as method,
            current_setting('synchronous_commit') as commit, current_setting('full_page_writes') as pages,
            current_setting('server_version') as version`,
  );
  const found = rows[0];
  must(
    found?.fsync === 'on' &&
      found.method === 'fsync' &&
      found.commit === 'on' &&
      found.pages === 'on',
    'the embedded engine runs without fsync',
  );
  const before = walSyncs();
  await pg.query(`select pg_logical_emit_message(true, 'sanjiang', 'self-test of fsync')`);
  must(
    walSyncs() > before,
    'a commit of the embedded engine did not reach the disk: its fsync hook is not called',
  );
  return found.version ?? '';
};
