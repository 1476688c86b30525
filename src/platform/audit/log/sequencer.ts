import type { Database, Sql } from '#kernel/database';
import { must } from '#kernel/errors';
import type { Logger } from '#kernel/log';
import { type Clock, toInstant } from '#kernel/time';
import { hashLeaf } from '../merkle/hash.ts';
import { append, type Node, placesOf, rootOf } from '../merkle/tree.ts';
import type { SigningKey } from './key.ts';
import { readNodes } from './nodes.ts';

/** One process at a time gives out places in the tree; released with the transaction, so none can hold it and be gone. */
const SEQUENCER_LOCK = 7_214_303;
/** What one transaction takes; on the embedded engine nobody else writes meanwhile. */
const BATCH_ENTRIES_MAX = 2000;

type Pending = { entry: number; content: string };

const takePending = async (sql: Sql): Promise<Pending[]> => {
  const { rows } = await sql.query<Pending>({
    name: 'audit.pending',
    text: `select p.entry, e.content from audit.pending p join audit.entries e on e.id = p.entry
           order by p.entry limit $1`,
    values: [BATCH_ENTRIES_MAX],
  });
  return rows;
};

const peaksOf = async (sql: Sql, size: number): Promise<Node[]> => {
  const places = placesOf({ start: 0, end: size });
  const hashOf = await readNodes(sql, places);
  return places.map((place) => ({ ...place, hash: hashOf(place) }));
};

const rootOfPeaks = (peaks: readonly Node[]) => rootOf(peaks.map((p) => p.hash)).toString('hex');

/** The head's text: a tree head of C2SP tlog-checkpoint, with the time as its one extension line. */
const headText = (origin: string, size: number, root: Buffer, at: string): string =>
  `${origin}\n${size}\n${root.toString('base64')}\ntime ${at}\n`;

const insertLeaves = (
  sql: Sql,
  size: number,
  taken: readonly Pending[],
  leaves: readonly Buffer[],
) =>
  sql.query({
    name: 'audit.leaves',
    text: `insert into audit.leaves (leaf_index, entry, hash)
           select $1::bigint + t.n - 1, t.entry, t.hash
           from unnest($2::bigint[], $3::text[]) with ordinality as t (entry, hash, n)`,
    values: [size, taken.map((p) => p.entry), leaves.map((leaf) => leaf.toString('hex'))],
  });

const insertNodes = (sql: Sql, nodes: readonly Node[]) =>
  sql.query({
    name: 'audit.nodes',
    text: `insert into audit.nodes (level, position, hash)
           select * from unnest($1::smallint[], $2::bigint[], $3::text[])`,
    values: [
      nodes.map((n) => n.level),
      nodes.map((n) => n.position),
      nodes.map((n) => n.hash.toString('hex')),
    ],
  });

type Needs = {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly origin: string;
  readonly key: SigningKey;
};

/**
 * Gives committed entries their places in the tree, in the order of their ids, and signs the head. Answers how many
 * found a place; 0 also where another process is at it. All or nothing: whoever is killed in it leaves the queue as it was.
 */
export const sequence = async ({ database, clock, origin, key }: Needs): Promise<number> => {
  const [waiting] = await database.query(
    'select 1 from audit.pending limit 1',
    [],
    'audit.waiting',
  );
  if (!waiting) return 0;
  return database.transaction(async ({ sql, finish }) => {
    const { rows } = await sql.query<{ mine: boolean }>(
      'select pg_try_advisory_xact_lock($1) as mine',
      [SEQUENCER_LOCK],
    );
    if (!rows[0]?.mine) return 0;
    const taken = await takePending(sql);
    if (taken.length === 0) return 0;
    const { rows: heads } = await sql.query<{ size: number; root: string }>(
      'select size, root from audit.heads order by size desc limit 1',
    );
    const size = heads[0]?.size ?? 0;
    const leaves = taken.map(({ content }) => hashLeaf(Buffer.from(content)));
    const before = await peaksOf(sql, size);
    must(
      size === 0 || rootOfPeaks(before) === heads[0]?.root,
      'the tree is not the one last signed',
    );
    const { peaks, full } = append(before, size, leaves);
    const root = rootOf(peaks.map((p) => p.hash));
    const at = toInstant(clock.now());
    await insertLeaves(sql, size, taken, leaves);
    if (full.length > 0) await insertNodes(sql, full);
    await finish([
      {
        name: 'audit.placed',
        text: 'delete from audit.pending where entry = any($1::bigint[])',
        values: [taken.map((p) => p.entry)],
      },
      {
        text: `insert into audit.heads (size, root, at, key, note) values ($1, $2, $3, $4, $5)`,
        values: [
          size + taken.length,
          root.toString('hex'),
          at,
          key.id,
          key.sign(headText(origin, size + taken.length, root, at)),
        ],
      },
    ]);
    return taken.length;
  });
};

/** How long an entry waits at most before somebody looks; the promise is about a second. */
const LOOK_MS = 400;

/** Sequences in the background, in as many processes as there are. */
export const openSequencer = (needs: Needs) => {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let ended = false;

  const look = async (): Promise<void> => {
    try {
      const found = await sequence(needs);
      if (found === BATCH_ENTRIES_MAX && !ended) await look();
    } catch (error) {
      needs.log.warn({ err: error }, 'audit entries could not be sequenced; they wait');
    }
  };
  const round = () => {
    running = look().finally(() => {
      if (!ended) timer = setTimeout(round, LOOK_MS);
    });
  };

  return {
    start: round,
    /** Lets what runs finish. */
    close: async () => {
      ended = true;
      clearTimeout(timer);
      await running;
    },
  };
};
