import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import type { Head } from '../contract.ts';
import { consistencyPath, inclusionPath } from '../merkle/tree.ts';
import { readRanges } from './nodes.ts';

/** The newest heads, or those below a size. */
export const listHeads = (
  database: Database,
  { below, limit }: { below?: number | undefined; limit: number },
): Promise<Head[]> =>
  database.query<Head>(
    `select size, root, at, key, note from audit.heads where $1::bigint is null or size < $1 order by size desc limit $2`,
    [below ?? null, limit],
  );

export const findNewestHead = async (database: Database): Promise<Head | undefined> =>
  (await listHeads(database, { limit: 1 }))[0];

const mustBeWithin = (size: number, newest: Head | undefined) => {
  if (size > (newest?.size ?? 0))
    throw new Refusal('invalid', `The tree has ${newest?.size ?? 0} leaves, not ${size}.`);
};

const hex = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString('hex'));

/** That the entry at `index` is in the tree of `size` (RFC 9162 §2.1.3). Throws Refusal('invalid'). */
export const proveInclusion = async (
  database: Database,
  index: number,
  size: number,
): Promise<string[]> => {
  mustBeWithin(size, await findNewestHead(database));
  if (index >= size) throw new Refusal('invalid', `Leaf ${index} is not in a tree of ${size}.`);
  return hex(await database.transaction(({ sql }) => readRanges(sql, inclusionPath(index, size))));
};

/** That the tree of `first` leaves is the beginning of that of `second` (RFC 9162 §2.1.4). Throws Refusal('invalid'). */
export const proveConsistency = async (
  database: Database,
  first: number,
  second: number,
): Promise<string[]> => {
  mustBeWithin(second, await findNewestHead(database));
  if (first > second) throw new Refusal('invalid', 'first must not be larger than second.');
  return hex(
    await database.transaction(({ sql }) => readRanges(sql, consistencyPath(first, second))),
  );
};
