import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '#kernel/errors';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Names the algorithm, so that another may follow without touching what is sealed already. */
const AES_256_GCM = 'a1';

const decoded = (text: string, from: string): Buffer => {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new Refusal('invalid', `${from} does not hold ${KEY_BYTES} bytes in base64.`);
};

/** The key of this house: from the setting, else from a file that only its operator reads, made where there is none. */
const readKey = async (setting: string | undefined, dataDir: string): Promise<Buffer> => {
  if (setting !== undefined) return decoded(setting, 'IDENTITY_KEY');
  const file = join(dataDir, 'identity.key');
  await mkdir(dataDir, { recursive: true });
  try {
    // Of two processes that start at once one writes, and both read what it wrote.
    await writeFile(file, randomBytes(KEY_BYTES).toString('base64'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
  }
  return decoded(await readFile(file, 'utf8'), file);
};

/**
 * Seals what must not be read from the database alone: keys, secrets of authenticators. `digest` answers the same for
 * the same text, and nothing to whoever lacks the key.
 */
export const openSealing = (setting: string | undefined, dataDir: string) => {
  let key: Promise<Buffer> | undefined;
  const keyed = () => (key ??= readKey(setting, dataDir));
  return {
    seal: async (text: string, context: string): Promise<string> => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', await keyed(), nonce);
      cipher.setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${AES_256_GCM}.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')}`;
    },
    /** Throws where it was sealed by another key, for another context, or altered. */
    open: async (sealed: string, context: string): Promise<string> => {
      const [algorithm, text = ''] = sealed.split('.');
      if (algorithm !== AES_256_GCM) throw new Error(`Nothing is sealed by ${algorithm} here.`);
      const bytes = Buffer.from(text, 'base64url');
      const decipher = createDecipheriv(
        'aes-256-gcm',
        await keyed(),
        bytes.subarray(0, NONCE_BYTES),
      );
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const opened = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([opened, decipher.final()]).toString('utf8');
    },
    digest: async (text: string): Promise<string> =>
      createHmac('sha256', await keyed())
        .update(text)
        .digest('base64url'),
  };
};
export type Sealing = ReturnType<typeof openSealing>;
