/**
 * The tree once more, as a verifier reads RFC 9162: nothing here is shared with the code that keeps the log, so that a
 * fault of one is not a fault of both.
 */
import { hash } from 'node:crypto';

const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');

/** §2.1.1: MTH({d[0]}) = HASH(0x00 || d[0]). */
export const leafHash = (content: string | Uint8Array): Buffer =>
  sha256(Buffer.concat([Buffer.of(0x00), Buffer.from(content as string)]));
const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  sha256(Buffer.concat([Buffer.of(0x01), left, right]));

/** The root of leaves as they come, with one slot a level: a binary counter whose digits are hashes. */
export const openRoot = () => {
  const slots: (Buffer | undefined)[] = [];
  return {
    add: (leaf: Buffer): void => {
      let carry = leaf;
      let level = 0;
      for (let held = slots[level]; held; held = slots[level]) {
        carry = nodeHash(held, carry);
        slots[level] = undefined;
        level += 1;
      }
      slots[level] = carry;
    },
    root: (): Buffer => {
      let right: Buffer | undefined;
      for (const held of slots) if (held) right = right ? nodeHash(held, right) : held;
      return right ?? sha256(Buffer.alloc(0));
    },
  };
};

export const rootOfLeaves = (contents: readonly Uint8Array[]): Buffer => {
  const tree = openRoot();
  for (const content of contents) tree.add(leafHash(content));
  return tree.root();
};

const isOdd = (n: number) => n % 2 === 1;
const half = (n: number) => Math.floor(n / 2);

export type Inclusion = {
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
};

/** §2.1.3.2: whether a leaf is in the tree of that root. */
export const isIncluded = (leaf: Uint8Array, { index, size, proof, root }: Inclusion): boolean => {
  if (index < 0 || index >= size) return false;
  let fn = index;
  let sn = size - 1;
  let r = leaf;
  for (const p of proof) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      r = nodeHash(p, r);
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else r = nodeHash(r, p);
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && Buffer.compare(r, root) === 0;
};

export type Consistency = {
  readonly first: number;
  readonly second: number;
  readonly proof: readonly Uint8Array[];
  readonly firstRoot: Uint8Array;
  readonly secondRoot: Uint8Array;
};

const isPowerOfTwo = (n: number) => Number.isInteger(Math.log2(n));

/** §2.1.4.2: whether the tree of `second` leaves begins with that of `first`. */
export const isConsistent = (at: Consistency): boolean => {
  const { first, second, firstRoot, secondRoot } = at;
  if (first === second) return at.proof.length === 0 && Buffer.compare(firstRoot, secondRoot) === 0;
  if (first < 1 || first > second || at.proof.length === 0) return false;
  const [start, ...path] = isPowerOfTwo(first) ? [firstRoot, ...at.proof] : at.proof;
  let fn = first - 1;
  let sn = second - 1;
  while (isOdd(fn)) {
    fn = half(fn);
    sn = half(sn);
  }
  let fr = start!;
  let sr = start!;
  for (const c of path) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      fr = nodeHash(c, fr);
      sr = nodeHash(c, sr);
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else sr = nodeHash(sr, c);
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && Buffer.compare(fr, firstRoot) === 0 && Buffer.compare(sr, secondRoot) === 0;
};
