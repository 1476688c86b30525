import { describe, expect, test } from 'vitest';
import { EMPTY_ROOT, hashLeaf } from './hash.ts';
import {
  append,
  consistencyPath,
  inclusionPath,
  type Node,
  placesOf,
  type Range,
  rootOf,
} from './tree.ts';
import { isConsistent, isIncluded, leafHash, rootOfLeaves } from '../verifier/tree.ts';

/** The inputs, roots and proofs that the Certificate Transparency project publishes as its reference tree. */
const INPUTS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'));
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const INCLUSION: readonly [number, number, string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];
const CONSISTENCY: readonly [number, number, string[]][] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

/** A tree in memory as the sequencer grows it, by parts. */
const grow = (contents: readonly Uint8Array[], part = contents.length) => {
  const nodes = new Map<string, Buffer>();
  let peaks: Node[] = [];
  for (let at = 0; at < contents.length; at += part) {
    const leaves = contents.slice(at, at + part).map(hashLeaf);
    for (const [i, hash] of leaves.entries()) nodes.set(`0/${at + i}`, hash);
    const grown = append(peaks, at, leaves);
    peaks = grown.peaks;
    for (const { level, position, hash } of grown.full) nodes.set(`${level}/${position}`, hash);
  }
  const hashesOf = (ranges: readonly Range[]) =>
    ranges.map((range) =>
      rootOf(placesOf(range).map(({ level, position }) => nodes.get(`${level}/${position}`)!)),
    );
  return { root: rootOf(peaks.map((p) => p.hash)), hashesOf };
};
const hex = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString('hex'));

describe('the reference tree of Certificate Transparency', () => {
  const { hashesOf } = grow(INPUTS);
  test.each(ROOTS.entries().toArray())('of %i leaves has its published root', (size, root) => {
    expect(grow(INPUTS.slice(0, size)).root.toString('hex')).toBe(root);
    expect(grow(INPUTS.slice(0, size), 3).root.toString('hex')).toBe(root);
    expect(rootOfLeaves(INPUTS.slice(0, size)).toString('hex')).toBe(root);
  });
  test.each(INCLUSION)('proves leaf %i of %i as published', (index, size, proof) => {
    expect(hex(hashesOf(inclusionPath(index, size)))).toEqual(proof);
  });
  test.each(CONSISTENCY)('proves that %i became %i as published', (first, second, proof) => {
    expect(hex(hashesOf(consistencyPath(first, second)))).toEqual(proof);
  });
});

test('a tree without leaves has the hash of nothing', () => {
  expect(rootOf([])).toEqual(EMPTY_ROOT);
  expect(rootOfLeaves([])).toEqual(EMPTY_ROOT);
});

test('every proof of trees of up to 70 leaves holds by the other algorithm of the standard, and no altered one does', () => {
  const contents = Array.from({ length: 70 }, (_, i) => Buffer.from(`entry ${i}`));
  const { hashesOf } = grow(contents, 7);
  const roots = Array.from({ length: 71 }, (_, n) => rootOfLeaves(contents.slice(0, n)));
  for (let size = 1; size <= 70; size++) {
    for (let index = 0; index < size; index++) {
      const proof = hashesOf(inclusionPath(index, size));
      const at = { index, size, proof, root: roots[size]! };
      expect(isIncluded(leafHash(contents[index]!), at)).toBe(true);
      expect(isIncluded(leafHash(contents[(index + 1) % 70]!), at)).toBe(false);
      if (size > 1)
        expect(isIncluded(leafHash(contents[index]!), { ...at, index: (index + 1) % size })).toBe(
          false,
        );
    }
    for (let first = 1; first <= size; first++) {
      const proof = hashesOf(consistencyPath(first, size));
      const at = { first, second: size, proof, firstRoot: roots[first]!, secondRoot: roots[size]! };
      expect(isConsistent(at)).toBe(true);
      if (first < size) expect(isConsistent({ ...at, firstRoot: roots[first - 1]! })).toBe(false);
    }
  }
});
