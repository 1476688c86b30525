/** A reader's own check of an entry, with the browser's cryptography: RFC 9162 §2.1.3.2 and a C2SP signed note. */
import type { EntryProved } from '../entries.ts';

const utf8 = new TextEncoder();

const bytesOfHex = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const bytesOfBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const sha256 = async (...parts: readonly Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> => {
  const whole = await new Blob([...parts] as BlobPart[]).arrayBuffer();
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
};

const leafOf = (content: string) => sha256(Uint8Array.of(0), utf8.encode(content));
const join = (left: Uint8Array, right: Uint8Array) => sha256(Uint8Array.of(1), left, right);

/** The root that a leaf and its path lead to; undefined where the path is too long or too short. */
const rootBy = async (
  leaf: Uint8Array<ArrayBuffer>,
  index: number,
  size: number,
  path: readonly string[],
): Promise<string | undefined> => {
  let [at, last, hash] = [index, size - 1, leaf];
  for (const step of path) {
    if (last === 0) return undefined;
    const beside = bytesOfHex(step);
    if (at % 2 === 1 || at === last) {
      hash = await join(beside, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else hash = await join(hash, beside);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hexOf(hash) : undefined;
};

const isPersonalHis = async (entry: EntryProved): Promise<boolean> => {
  const key = await crypto.subtle.importKey(
    'raw',
    bytesOfHex(entry.salt ?? ''),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  const text = utf8.encode(`personal\n${entry.personal}`);
  const digest = hexOf(new Uint8Array(await crypto.subtle.sign('HMAC', key, text)));
  return (JSON.parse(entry.content) as { personal?: string }).personal === digest;
};

/** Whether the note's text says this size and root, and one of the keys signed it; undefined where the browser cannot tell. */
const isSigned = async (
  { note, size, root }: NonNullable<EntryProved['head']>,
  verifiers: readonly string[],
): Promise<boolean | undefined> => {
  const cut = note.indexOf('\n\n');
  const text = note.slice(0, cut + 1);
  const [, saidSize, saidRoot] = text.split('\n');
  if (saidSize !== String(size) || hexOf(bytesOfBase64(saidRoot ?? '')) !== root) return false;
  const [, name, encoded] = note.slice(cut + 2).split(/[ \n]/);
  const signature = bytesOfBase64(encoded ?? '');
  const id = hexOf(signature.subarray(0, 4));
  const line = verifiers.find((verifier) => verifier.startsWith(`${name}+${id}+`));
  if (!line) return false;
  const raw = bytesOfBase64(line.slice(`${name}+${id}+`.length)).subarray(1);
  try {
    const key = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, signature.subarray(4), utf8.encode(text));
  } catch {
    return undefined; // an older browser knows no Ed25519
  }
};

export type Found = 'good' | 'bad' | 'unknown' | 'leftOut';
export type Checked = {
  readonly leaf: Found;
  readonly personal: Found;
  readonly path: Found;
  readonly signature: Found;
};

const found = (holds: boolean | undefined): Found =>
  holds === undefined ? 'unknown' : holds ? 'good' : 'bad';

export const mayCheck = (): boolean => globalThis.crypto?.subtle !== undefined;

/** Checks an entry that is in the tree, from its content to the signature over the root. */
export const checkEntry = async (
  entry: EntryProved,
  verifiers: readonly string[],
): Promise<Checked> => {
  const { head, index } = entry;
  const leaf = await leafOf(entry.content);
  const root =
    head && index !== null ? await rootBy(leaf, index, head.size, entry.proof) : undefined;
  return {
    leaf: found(hexOf(leaf) === entry.hash),
    personal: entry.personal === null ? 'leftOut' : found(await isPersonalHis(entry)),
    path: found(head !== null && root === head.root),
    signature: head ? found(await isSigned(head, verifiers)) : 'bad',
  };
};
