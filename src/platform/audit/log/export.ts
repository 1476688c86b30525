import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import type { Head } from '../contract.ts';
import { inclusionPath } from '../merkle/tree.ts';
import { readRanges } from './nodes.ts';
import { findNewestHead } from './proofs.ts';

const FETCH_LEAVES = 500;

export type ExportQuestion = {
  /** Leaves from `first` up to and without `end`; all of them where neither is given. */
  readonly first?: number;
  readonly end?: number;
  /** With the parts that say who and to whom. */
  readonly personal: boolean;
};

type Leaf = {
  index: number;
  hash: string;
  content: string | null;
  salt: string | null;
  personal: string | null;
};

const readLeaves = (database: Database, from: number, to: number) =>
  database.query<Leaf>(
    `select l.leaf_index as index, l.hash, e.content, e.salt, e.personal
     from audit.leaves l left join audit.entries e on e.id = l.entry
     where l.leaf_index >= $1 and l.leaf_index < $2 order by l.leaf_index`,
    [from, to],
    'audit.export-leaves',
  );

const readHeads = (database: Database, over: number, to: number) =>
  database.query<{ size: number; note: string }>(
    'select size, note from audit.heads where size > $1 and size <= $2 order by size',
    [over, to],
    'audit.export-heads',
  );

const toLine = (value: unknown) => `${JSON.stringify(value)}\n`;

const leafLine = (leaf: Leaf, personal: boolean, proof?: readonly string[]) =>
  toLine({
    leaf: {
      index: leaf.index,
      hash: leaf.hash,
      ...(leaf.content !== null && { content: leaf.content }),
      ...(personal && leaf.salt !== null && { salt: leaf.salt, personal: leaf.personal }),
      ...(proof && { proof }),
    },
  });

const readProofs = (database: Database, indices: readonly number[], size: number) =>
  database.transaction(async ({ sql }) => {
    const paths = indices.map((index) => inclusionPath(index, size));
    const hashes = await readRanges(sql, paths.flat());
    return paths.map((path) => hashes.splice(0, path.length).map((hash) => hash.toString('hex')));
  });

/**
 * The log, or a part of it, as lines of JSON: the leaves with the heads that close them; of a part, the newest head and a
 * proof with each leaf. Leaves and heads never change, so that no long transaction is held. Throws Refusal('invalid').
 */
export const openExport = async (database: Database, origin: string, question: ExportQuestion) => {
  const newest = await findNewestHead(database);
  const size = newest?.size ?? 0;
  const { first = 0, end = size, personal } = question;
  if (first > end || end > size)
    throw new Refusal('invalid', `The log has ${size} entries: first and end do not fit in it.`);
  const keys = await database.query<{ verifier: string }>(
    'select verifier from audit.keys order by made_at, id',
  );
  const start = toLine({
    log: 'sanjiang-audit',
    format: 1,
    origin,
    keys: keys.map((key) => key.verifier),
    first,
    end,
    size,
  });
  const whole = first === 0 && end === size;
  const rest = whole
    ? wholeLog(database, size, personal)
    : part(database, newest, first, end, personal);
  return (async function* () {
    yield start;
    yield* rest;
  })();
};

async function* wholeLog(database: Database, size: number, personal: boolean) {
  let heads = 0;
  for (let from = 0; from < size; from += FETCH_LEAVES) {
    const to = Math.min(from + FETCH_LEAVES, size);
    const closing = await readHeads(database, from, to);
    let text = '';
    for (const leaf of await readLeaves(database, from, to)) {
      text += leafLine(leaf, personal);
      if (closing[0]?.size !== leaf.index + 1) continue;
      text += toLine({ head: closing.shift() });
      heads += 1;
    }
    yield text;
  }
  yield toLine({ ended: { leaves: size, heads } });
}

async function* part(
  database: Database,
  head: Head | undefined,
  first: number,
  end: number,
  personal: boolean,
) {
  if (head) yield toLine({ head: { size: head.size, note: head.note } });
  for (let from = first; from < end; from += FETCH_LEAVES) {
    const leaves = await readLeaves(database, from, Math.min(from + FETCH_LEAVES, end));
    const proofs = await readProofs(
      database,
      leaves.map((leaf) => leaf.index),
      head?.size ?? 0,
    );
    yield leaves.map((leaf, i) => leafLine(leaf, personal, proofs[i])).join('');
  }
  yield toLine({ ended: { leaves: end - first, heads: head ? 1 : 0 } });
}
