/** Signed heads as C2SP writes them (signed-note, tlog-checkpoint), read by a verifier. */
import { createPublicKey, hash, verify } from 'node:crypto';

const ED25519 = 0x01;
/** The fixed beginning of an Ed25519 public key in DER (RFC 8410 §4). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** Base64 in its one canonical form: a bit that decoding would overlook is not overlooked. */
const strictBase64 = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
};

export type Verifier = {
  readonly name: string;
  readonly id: string;
  readonly isSigned: (text: string, signature: Uint8Array) => boolean;
};

/** `<name>+<id>+<base64 of 0x01 and the key>`; undefined where it is none or its id is not its own. */
export const readVerifier = (line: string): Verifier | undefined => {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/.exec(line) ?? [];
  const raw = encoded === undefined ? undefined : strictBase64(encoded);
  if (!name || !id || raw?.length !== 33 || raw[0] !== ED25519) return undefined;
  const own = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), raw]), 'hex').slice(0, 8);
  if (own !== id) return undefined;
  const key = createPublicKey({
    key: Buffer.concat([SPKI, raw.subarray(1)]),
    format: 'der',
    type: 'spki',
  });
  return {
    name,
    id,
    isSigned: (text, signature) => verify(null, Buffer.from(text), key, signature),
  };
};

export type SignedHead = {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
  readonly time: string;
  readonly key: string;
};

const NOTE =
  /^(?<text>(?<origin>[^\s+]+)\n(?<size>0|[1-9]\d{0,15})\n(?<root>[A-Za-z0-9+/]{43}=)\ntime (?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\n)\n\u2014 (?<name>[^\s+]+) (?<signature>[A-Za-z0-9+/]+={0,2})\n$/;

/** The head that one of these keys signed, or what is wrong with it. */
export const readSignedHead = (
  note: string,
  verifiers: ReadonlyMap<string, Verifier>,
): SignedHead | { readonly fault: string } => {
  const parts = NOTE.exec(note)?.groups;
  if (!parts) return { fault: 'it is not written as a signed head is' };
  const { text = '', origin = '', name = '', time = '' } = parts;
  const root = strictBase64(parts['root'] ?? '');
  const signed = strictBase64(parts['signature'] ?? '');
  if (!root || signed?.length !== 68) return { fault: 'it is not written as a signed head is' };
  const verifier = verifiers.get(signed.subarray(0, 4).toString('hex'));
  if (!verifier) return { fault: 'it is signed by a key that this log does not name' };
  if (origin !== verifier.name || name !== verifier.name)
    return { fault: 'it names another log than its key does' };
  if (!verifier.isSigned(text, signed.subarray(4))) return { fault: 'its signature does not fit' };
  return { origin, size: Number(parts['size']), root, time, key: verifier.id };
};
