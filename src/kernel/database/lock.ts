import { randomUUID } from 'node:crypto';
import {
  linkSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';

/** The holder says that it lives; only needed where its process cannot be seen from here (another container or machine). */
const HEARTBEAT_MS = 5_000;
const SILENT_AFTER_MS = 30_000;
/** Breaking a stale lock takes microseconds; an older breaker died in the middle. */
const BREAKER_DEAD_AFTER_MS = 10_000;

type Holder = { pid: number; started: string; boot: string; space: string; host: string };

export type Lock = { release(): void };

const orEmpty = (read: () => string): string => {
  try {
    return read();
  } catch {
    return ''; // not Linux: pid alone must do
  }
};

/** When a process started, in ticks since boot: tells a holder from a later process with its pid, and from its own corpse. */
const startOf = (pid: number): string =>
  orEmpty(() => {
    const [state = '', ...rest] =
      readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return 'ZX'.includes(state) ? 'ended' : (rest[18] ?? '');
  });

const me = (): Holder => ({
  pid: process.pid,
  started: startOf(process.pid),
  boot: orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
  space: orEmpty(() => readlinkSync('/proc/self/ns/pid')),
  host: hostname(),
});

const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const read = (path: string): { text: string; holder: Holder | undefined } | undefined => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return { text, holder: JSON.parse(text) as Holder };
  } catch {
    return { text, holder: undefined };
  }
};

const lives = (holder: Holder, path: string, self: Holder): boolean => {
  if (holder.host === self.host && holder.boot !== self.boot) return false; // restarted since
  if (holder.boot === self.boot && holder.space === self.space)
    return runs(holder.pid) && (holder.started === '' || holder.started === startOf(holder.pid));
  return Date.now() - statSync(path).mtimeMs < SILENT_AFTER_MS;
};

/**
 * Takes `path` as an exclusive lock, or returns who holds it. A dead holder's lock is taken over; the file appears
 * whole by link(2), so that no reader sees half of it.
 */
export const takeLock = (path: string): Lock | { heldBy: string } => {
  const self = me();
  const own = `${path}.${process.pid}.${randomUUID()}`;
  const breaker = `${path}.breaking`;
  const text = JSON.stringify({ ...self, token: own });
  writeFileSync(own, text);
  try {
    if (linked(own, path)) return held(path, text);
    const found = read(path);
    if (found?.holder && lives(found.holder, path, self)) return { heldBy: sentence(found.holder) };
    // Only one may break a stale lock, and it looks again once it may.
    if (!linked(own, breaker)) {
      if (isOld(breaker)) rmSync(breaker, { force: true });
      return { heldBy: 'another process that is starting' };
    }
    try {
      const again = read(path);
      if (again && again.text === found?.text) rmSync(path, { force: true });
      return linked(own, path) ? held(path, text) : { heldBy: 'another process that is starting' };
    } finally {
      rmSync(breaker, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
};

const linked = (own: string, path: string): boolean => {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

const isOld = (path: string): boolean => {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.ctimeMs > BREAKER_DEAD_AFTER_MS;
};

const sentence = (holder: Holder): string =>
  holder.pid === process.pid ? 'this process' : `process ${holder.pid} on ${holder.host}`;

const held = (path: string, text: string): Lock => {
  const beat = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(path, now, now);
    } catch {
      // the folder was removed under us; the engine will say so
    }
  }, HEARTBEAT_MS).unref();
  return {
    release: () => {
      clearInterval(beat);
      if (read(path)?.text === text) rmSync(path, { force: true });
    },
  };
};
