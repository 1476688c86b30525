import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import type { Committed } from '#kernel/outbox';
import type { Clock } from '#kernel/time';
import { toInstant } from '#kernel/time';
import type { Operation, Outcome } from '../operations.ts';
import { openRecent } from './recent.ts';
import { commitWrites, isRace } from './commit.ts';
import { type Check, type Write, writeOf } from './ledger.ts';

/** Beyond this the caller is told to come back: a queue that grows is a promise that is broken later. */
const WAITING_OPERATIONS_MAX = 20_000;
/** One commit carries what came in meanwhile, up to here: larger ones make everybody wait for the longest. */
const COMMIT_OPERATIONS_MAX = 256;
/** While one is on its way to the disk, the next is put together and sent after it: the database never waits for us. */
const COMMITS_MAX = 2;
/** Fewer than this wait for the commit under way to end, so that the next is worth its trip to the disk. */
const AHEAD_OPERATIONS_MIN = 16;
/** Where so many in front wait for what is on its way, nobody looks behind them: a few busy entities would cost a search each. */
const PASSED_MAX = 64;
const RACES_MAX = 5;

type Waiting = {
  readonly writes: readonly Write[];
  readonly done: (outcomes: Outcome[]) => void;
  readonly failed: (error: unknown) => void;
};

/** Errors by which the database says that the data cannot be stored (SQLSTATE classes 22 and 54): our caller's to mend. */
export const isDataError = (error: unknown) =>
  /^(?:22|54)/.test(String((error as { code?: unknown }).code ?? ''));

/**
 * The group commit: calls that arrive while a commit is under way share the next. A call is never split over two
 * commits unless it alone is larger than one. No two commits under way touch the same entity, so that its writes keep the
 * order in which they came.
 */
export const openWriter = (
  database: Database,
  clock: Clock,
  committed: (committed?: Committed) => void,
  /** Whether anybody is told what was there before. */
  tellsPrevious: () => boolean = () => false,
  /** Throws where what is to be written would wait behind too much. */
  mustHaveRoom: () => void = () => {},
  /** What an entity that is to be stored lacks. */
  check: Check = () => undefined,
) => {
  const recents = openRecent();
  const waiting: Waiting[] = [];
  let operations = 0;
  const underWay = new Set<string>();
  let commits = 0;
  let starting = false;
  let lastMs = 0;

  /** Never backwards, whatever the machine's clock does. */
  const nextInstant = () => {
    lastMs = Math.max(clock.now().getTime(), lastMs);
    return toInstant(lastMs);
  };

  const commit = async (writes: readonly Write[]): Promise<Outcome[]> => {
    for (let race = 1; ; race++)
      try {
        const outcomes = await commitWrites(writes, {
          database,
          recents,
          now: nextInstant(),
          tellsPrevious: tellsPrevious(),
          check,
          committed,
        });
        return outcomes;
      } catch (error) {
        if (!isRace(error) || race >= RACES_MAX) throw error;
      }
  };

  /** A commit that the data of one call spoils is done call by call, so that only that one is refused. */
  const commitSingly = async (batch: readonly Waiting[]) => {
    for (const one of batch)
      try {
        one.done(await commit(one.writes));
      } catch (error) {
        one.failed(
          isDataError(error)
            ? new Refusal('invalid', `The database cannot hold this: ${(error as Error).message}.`)
            : error,
        );
      }
  };

  /** The oldest calls of which no entity is in a commit under way, or in an older call that waits for one. */
  const takeBatch = (): Waiting[] => {
    const batch: Waiting[] = [];
    const passed: Waiting[] = [];
    const held = new Set<string>();
    let size = 0;
    for (const call of waiting) {
      const isHeld = call.writes.some(({ key }) => underWay.has(key) || held.has(key));
      if (isHeld) {
        if (passed.push(call) === PASSED_MAX) break;
        for (const { key } of call.writes) held.add(key);
      } else {
        if (batch.length > 0 && size + call.writes.length > COMMIT_OPERATIONS_MAX) break;
        batch.push(call);
        size += call.writes.length;
      }
    }
    if (batch.length > 0) waiting.splice(0, batch.length + passed.length, ...passed);
    operations -= size;
    return batch;
  };

  const carryOut = async (batch: readonly Waiting[]) => {
    const writes = batch.flatMap((one) => one.writes);
    for (const { key } of writes) underWay.add(key);
    commits++;
    try {
      const outcomes = await commit(writes);
      // Told a turn later: the database has the next commit before sixty callers have written their answers.
      setImmediate(() => {
        let from = 0;
        for (const one of batch) one.done(outcomes.slice(from, (from += one.writes.length)));
      });
    } catch (error) {
      if (isDataError(error)) await commitSingly(batch);
      else for (const one of batch) one.failed(error);
    }
    commits--;
    for (const { key } of writes) underWay.delete(key);
    start();
  };

  const start = () => {
    if (commits === COMMITS_MAX || operations < (commits === 0 ? 1 : AHEAD_OPERATIONS_MIN)) return;
    const batch = takeBatch();
    if (batch.length === 0) return;
    void carryOut(batch);
    start();
  };

  const enqueue = (writes: readonly Write[]): Promise<Outcome[]> =>
    new Promise((done, failed) => {
      waiting.push({ writes, done, failed });
      operations += writes.length;
      // Everything that arrives in this turn of the loop goes together.
      if (!starting) {
        starting = true;
        setImmediate(() => {
          starting = false;
          start();
        });
      }
    });

  return {
    write: async (list: readonly Operation[], tenant = ''): Promise<Outcome[]> => {
      mustHaveRoom();
      if (operations + list.length > WAITING_OPERATIONS_MAX && operations > 0)
        throw new Refusal(
          'unavailable',
          'Too many writes are waiting for the disk. Please try again in a moment.',
        );
      const writes = list.map((operation) => writeOf(tenant, operation));
      const parts: Promise<Outcome[]>[] = [];
      for (let from = 0; from < writes.length; from += COMMIT_OPERATIONS_MAX)
        parts.push(enqueue(writes.slice(from, from + COMMIT_OPERATIONS_MAX)));
      return (await Promise.all(parts)).flat();
    },
    /** How many operations wait, for the metrics. */
    waiting: () => operations,
  };
};
export type Writer = ReturnType<typeof openWriter>;
