import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '#kernel/errors';
import { newId } from '#kernel/ids';

/** Ed25519 in signed notes (C2SP signed-note). */
const ALGORITHM = Buffer.of(1);
const RAW_KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
const FILE = 'audit-key.pem';

export type SigningKey = {
  /** Eight hexadecimal digits: how a signature names the key. */
  readonly id: string;
  /** Name, id and public key in one line, as verifiers of signed notes take it. */
  readonly verifier: string;
  readonly sign: (text: string) => string;
};

const read = (pem: string | Buffer, from: string): KeyObject => {
  try {
    const key =
      typeof pem === 'string'
        ? createPrivateKey(pem)
        : createPrivateKey({ key: pem, format: 'der', type: 'pkcs8' });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told below, without a word of what was there.
  }
  throw new Refusal('invalid', `${from} holds no Ed25519 private key (PKCS #8).`);
};

/** Made whole under another name first: of two processes that start at once, one file stands and both read it. */
const makeFile = async (file: string): Promise<void> => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const draft = `${file}.${newId()}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(privateKey.export({ format: 'pem', type: 'pkcs8' }));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
};

const readOrMake = async (dataDir: string): Promise<KeyObject> => {
  const file = join(dataDir, FILE);
  const found = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (found !== undefined) return read(found, file);
  await mkdir(dataDir, { recursive: true });
  await makeFile(file);
  return read(await readFile(file, 'utf8'), file);
};

/** The key that signs heads: AUDIT_KEY, or the file in DATA_DIR, which is made where there is none. */
export const openSigningKey = async (
  origin: string,
  { dataDir, given }: { dataDir: string; given: string | undefined },
): Promise<SigningKey> => {
  const key = given ? read(Buffer.from(given, 'base64'), 'AUDIT_KEY') : await readOrMake(dataDir);
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const raw = Buffer.concat([ALGORITHM, spki.subarray(-RAW_KEY_BYTES)]);
  const id = createHash('sha256')
    .update(`${origin}\n`)
    .update(raw)
    .digest()
    .subarray(0, KEY_ID_BYTES);
  return {
    id: id.toString('hex'),
    verifier: `${origin}+${id.toString('hex')}+${raw.toString('base64')}`,
    sign: (text) =>
      `${text}\n\u2014 ${origin} ${Buffer.concat([id, sign(null, Buffer.from(text), key)]).toString('base64')}\n`,
  };
};
