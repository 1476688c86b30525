import { EMPTY_ROOT, hashNode } from './hash.ts';

/** A perfect subtree: of 2^level leaves, the `position`th of its size. Once full it never changes. */
export type Place = { readonly level: number; readonly position: number };
export type Node = Place & { readonly hash: Buffer };

/** Leaves from `start` up to and without `end`. */
export type Range = { readonly start: number; readonly end: number };

/** The largest power of two smaller than n: where RFC 9162 splits. */
const splitOf = (n: number): number => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};

/** The perfect subtrees that make up a range, from left to right; the range begins where the larger ones may. */
export const placesOf = ({ start, end }: Range): Place[] => {
  const places: Place[] = [];
  let at = start;
  while (at < end) {
    let level = 0;
    let width = 1;
    while (at % (width * 2) === 0 && at + width * 2 <= end) {
      width *= 2;
      level += 1;
    }
    places.push({ level, position: at / width });
    at += width;
  }
  return places;
};

/** The root over perfect subtrees from left to right. */
export const rootOf = (peaks: readonly Uint8Array[]): Buffer =>
  peaks.length === 0
    ? EMPTY_ROOT
    : Buffer.from(peaks.reduceRight((right, left) => hashNode(left, right)));

/**
 * Adds leaves to the tree that the peaks describe. Answers the peaks afterwards, and the inner nodes that became full on
 * the way.
 */
export const append = (
  peaks: readonly Node[],
  size: number,
  leaves: readonly Buffer[],
): { peaks: Node[]; full: Node[] } => {
  const now = [...peaks];
  const full: Node[] = [];
  for (const [i, leaf] of leaves.entries()) {
    let node: Node = { level: 0, position: size + i, hash: leaf };
    for (let left = now.at(-1); left && left.level === node.level; left = now.at(-1)) {
      now.pop();
      node = {
        level: node.level + 1,
        position: Math.floor(node.position / 2),
        hash: hashNode(left.hash, node.hash),
      };
      full.push(node);
    }
    now.push(node);
  }
  return { peaks: now, full };
};

/** The subtrees whose roots prove that leaf `index` is in the tree of `size`: PATH of RFC 9162 §2.1.3.1. */
export const inclusionPath = (index: number, size: number): Range[] => {
  const path = (m: number, start: number, n: number): Range[] => {
    if (n === 1) return [];
    const k = splitOf(n);
    return m < k
      ? [...path(m, start, k), { start: start + k, end: start + n }]
      : [...path(m - k, start + k, n - k), { start, end: start + k }];
  };
  return path(index, 0, size);
};

/** The subtrees whose roots prove that the tree of `first` leaves became that of `second`: SUBPROOF of RFC 9162 §2.1.4.1. */
export const consistencyPath = (first: number, second: number): Range[] => {
  const subproof = (m: number, start: number, n: number, whole: boolean): Range[] => {
    if (m === n) return whole ? [] : [{ start, end: start + n }];
    const k = splitOf(n);
    return m <= k
      ? [...subproof(m, start, k, whole), { start: start + k, end: start + n }]
      : [...subproof(m - k, start + k, n - k, false), { start, end: start + k }];
  };
  return first === 0 || first === second ? [] : subproof(first, 0, second, true);
};
