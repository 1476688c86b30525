import { closeSync, fdatasyncSync, fsyncSync, openSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** The little of Emscripten's NODEFS that the hook touches. It is internal, hence the exact pin of PGlite (versions.ts). */
type Stream = { nfd?: number; node: unknown; wal?: boolean };
type Write = (
  stream: Stream,
  bytes: Uint8Array,
  at: number,
  length: number,
  position: number,
) => number;
type NodeFiles = {
  realPath(node: unknown): string;
  tryFSOperation<T>(work: () => T): T;
  stream_ops: { fsync?: (stream: Stream) => number; write: Write };
};

export type DiskEvents = {
  synced(path: string, ns: bigint): void;
  walWritten(bytes: number): void;
  /** A sync or a write of the write-ahead log failed: nothing that depends on it may be acknowledged. */
  failed(what: string, full: boolean): void;
};

/**
 * PGlite never syncs: its NODEFS has no fsync, and fdatasync is a constant 0. This supplies fsync for files and
 * folders, and tells when the disk refuses. Found by tests that cut the power: without it no database opened again.
 */
export class DurableFolder extends NodeFS {
  readonly #events: DiskEvents;

  constructor(folder: string, events: DiskEvents) {
    super(folder);
    this.#events = events;
  }

  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const made = await super.init(...args);
    (made.emscriptenOpts.preRun as unknown[]).push(
      (module: { FS: { filesystems: { NODEFS: NodeFiles } } }) =>
        this.#hook(module.FS.filesystems.NODEFS),
    );
    return made;
  }

  #hook(files: NodeFiles): void {
    const events = this.#events;
    const write = files.stream_ops.write;

    files.stream_ops.fsync = (stream) => {
      const path = files.realPath(stream.node);
      const start = process.hrtime.bigint();
      try {
        files.tryFSOperation(() =>
          stream.nfd === undefined ? syncFolder(path) : fdatasyncSync(stream.nfd),
        );
      } catch (error) {
        events.failed(`sync of ${path}`, isFull(error));
        throw error;
      }
      events.synced(path, process.hrtime.bigint() - start);
      return 0;
    };

    files.stream_ops.write = (stream, bytes, at, length, position) => {
      stream.wal ??= files.realPath(stream.node).includes('/pg_wal/');
      try {
        const written = write(stream, bytes, at, length, position);
        if (stream.wal) events.walWritten(written);
        return written;
      } catch (error) {
        if (stream.wal) events.failed('write of the write-ahead log', isFull(error));
        throw error;
      }
    };
  }
}

/** Emscripten's errno for ENOSPC. */
const ERRNO_FULL = 51;

const isFull = (error: unknown): boolean => (error as { errno?: number }).errno === ERRNO_FULL;

export const syncFolder = (path: string): void => {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
};

/** PostgreSQL's own switches: fsync on, and by the one call that the hook can see. */
export const DURABLE_PARAMS: string[] = [
  ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
  ...['fsync=on', 'wal_sync_method=fsync', 'full_page_writes=on', 'synchronous_commit=on'].flatMap(
    (setting) => ['-c', setting],
  ),
  '-c',
  'timezone=UTC',
];
