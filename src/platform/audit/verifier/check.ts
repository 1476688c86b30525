import { Faulty } from './fault.ts';
import { keysOf } from './keys.ts';
import { faultOfLeaf } from './leaf.ts';
import type { Leaf, Line, Start } from './lines.ts';
import { readSignedHead, type SignedHead, type Verifier } from './note.ts';
import { isIncluded, openRoot } from './tree.ts';

export type Known = {
  /** The line of a key that the caller has from elsewhere; without it the export's own are believed. */
  readonly key?: string;
  /** A head that the caller kept: the log must still begin with its tree. */
  readonly head?: string;
};

export type Checked = {
  readonly entries: number;
  /** Entries whose content was given up after its time; their places are still proved. */
  readonly withoutContent: number;
  readonly withoutPersonal: number;
  readonly heads: number;
  readonly newest?: SignedHead;
  /** Ids of the keys that signed. */
  readonly keys: readonly string[];
};

const bytes = (hex: string) => Buffer.from(hex, 'hex');
const same = (a: Buffer, b: Buffer) => Buffer.compare(a, b) === 0;
const ofFile = (line: number, why: string) => new Faulty({ line, at: 'file', why });

/** Heads in the order of an export, and the tree as it grows between them. A whole log is proved by its roots, a part leaf by leaf. */
const openTree = (start: Start, known: Known) => {
  const keys: ReadonlyMap<string, Verifier> = keysOf(start, known.key);
  const whole = start.first === 0 && start.end === start.size;
  const tree = openRoot();
  const signers = new Set<string>();
  let heads = 0;
  let newest: SignedHead | undefined;
  const kept = known.head === undefined ? undefined : readSignedHead(known.head, keys);
  if (kept && 'fault' in kept) throw ofFile(0, `the head that you kept: ${kept.fault}`);
  if (kept && !whole)
    throw ofFile(1, 'a head that you kept can only be checked against a whole log');
  if (kept && kept.size > start.size)
    throw ofFile(1, `the log has fewer entries than the ${kept.size} of the head that you kept`);

  const faultOfPlace = (leaf: Leaf): string | undefined => {
    if ((leaf.proof === undefined) !== whole)
      return whole ? 'it has a proof where none belongs' : 'its proof is missing';
    if (leaf.proof === undefined) return undefined;
    if (!newest) return 'the head that it is proved by is missing';
    const { size, root } = newest;
    const claim = { index: leaf.index, size, root, proof: leaf.proof.map(bytes) };
    return isIncluded(bytes(leaf.hash), claim) ? undefined : 'its proof does not lead to the head';
  };

  return {
    add: (leaf: Leaf, line: number) => {
      const why = faultOfPlace(leaf);
      if (why) throw new Faulty({ line, at: { entry: leaf.index }, why });
      if (!whole) return;
      tree.add(bytes(leaf.hash));
      if (kept?.size === leaf.index + 1 && !same(tree.root(), kept.root))
        throw new Faulty({
          line,
          at: { entries: [0, leaf.index] },
          why: 'they are not those of the head that you kept: the log was rewritten',
        });
    },
    close: (given: { size: number; note: string }, next: number, line: number) => {
      const bad = (why: string) => new Faulty({ line, at: { head: given.size }, why });
      const head = readSignedHead(given.note, keys);
      if ('fault' in head) throw bad(head.fault);
      if (head.size !== given.size) throw bad('its size is not the one it is signed with');
      if (newest && (head.size <= newest.size || !whole))
        throw bad('it does not follow the one before');
      if (whole ? head.size !== next : next !== start.first || head.size !== start.size)
        throw bad(`it stands before entry ${next}, where it does not belong`);
      if (whole && !same(tree.root(), head.root))
        throw new Faulty({
          line,
          at: { entries: [newest?.size ?? 0, head.size - 1] },
          why: 'with those before them they do not make the root that was signed',
        });
      signers.add(head.key);
      heads += 1;
      newest = head;
    },
    result: () => ({ heads, keys: [...signers], ...(newest && { newest }) }),
  };
};

/** Checks one export from its first line to its last, in constant memory. Throws Faulty at the first fault. */
export const openCheck = (known: Known) => {
  let start: Start | undefined;
  let tree: ReturnType<typeof openTree> | undefined;
  let next = 0;
  let ended = false;
  let withoutContent = 0;
  let withoutPersonal = 0;

  const begin = (line: Start) => {
    if (line.first > line.end || line.end > line.size)
      throw ofFile(1, 'its first line speaks of a tree that cannot be');
    start = line;
    next = line.first;
    tree = openTree(line, known);
  };

  const takeLeaf = (leaf: Leaf, line: number) => {
    const why =
      leaf.index === next ? faultOfLeaf(leaf) : `here stands what calls itself entry ${leaf.index}`;
    if (why) throw new Faulty({ line, at: { entry: next }, why });
    tree?.add(leaf, line);
    if (leaf.content === undefined) withoutContent += 1;
    else if (leaf.personal === undefined) withoutPersonal += 1;
    next += 1;
  };

  const result = (): Checked => ({
    entries: next - (start?.first ?? 0),
    withoutContent,
    withoutPersonal,
    ...(tree?.result() ?? { heads: 0, keys: [] }),
  });

  return {
    take: (line: Line | undefined, number: number): void => {
      if (ended) throw ofFile(number, 'something stands after its last line');
      if (!line) {
        const why = 'the line cannot be read as one of an export';
        throw start && next < start.end
          ? new Faulty({ line: number, at: { entry: next }, why })
          : ofFile(number, why);
      }
      if ('log' in line !== (start === undefined))
        throw ofFile(number, 'the first line, and no other, says what the file is');
      if ('log' in line) begin(line);
      else if ('leaf' in line) takeLeaf(line.leaf, number);
      else if ('head' in line) tree?.close(line.head, next, number);
      else {
        ended = true;
        if (line.ended.leaves !== result().entries || line.ended.heads !== result().heads)
          throw ofFile(number, 'its last line counts otherwise');
      }
    },
    end: (lines: number): Checked => {
      if (!start || !ended || next !== start.end)
        throw new Faulty({
          line: lines,
          at: start ? { entry: next } : 'file',
          why: 'here the file is cut',
        });
      if (start.size > 0 && result().newest?.size !== start.size)
        throw new Faulty({
          line: lines,
          at: { head: start.size },
          why: 'the head of this size is missing',
        });
      return result();
    },
    result,
  };
};
