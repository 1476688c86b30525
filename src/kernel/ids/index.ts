import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** A random id for a row: UUID version 4. */
export const newId = (): string => randomUUID();

/** A secret for a person or device to carry: 256 random bits, URL-safe, marked so that a leak can be searched for. */
export const newSecret = (kind: string): string =>
  `sj_${kind}_${randomBytes(32).toString('base64url')}`;

/** What we keep of such a secret. It has 256 bits of its own, so it needs no salt and no slow hash. */
export const hashSecret = (secret: string): string =>
  createHash('sha256').update(secret).digest('base64url');
