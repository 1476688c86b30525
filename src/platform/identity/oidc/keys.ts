import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { sql } from 'kysely';
import { newId } from '#kernel/ids';
import { toInstant } from '#kernel/time';
import type { Db } from '../people/terms.ts';
import type { Sealing } from '../sealing.ts';

const ALGORITHMS = ['RS256', 'ES256'] as const;
const RSA_BITS = 3072;
const DAY_MS = 86_400_000;
/** A key is published so long before it signs: relying parties hold the set for up to a day. */
const ANNOUNCED_MS = DAY_MS;
/** A key that signs no more is still published, for whoever holds what it signed. */
const KEPT_MS = 30 * DAY_MS;
const ROTATED_AFTER_MS = 90 * DAY_MS;

export type OwnKeys = {
  /** With the private parts, the one that signs first of each algorithm. */
  readonly signing: readonly JWK[];
  readonly cookies: readonly string[];
  /** Changes whenever any of them does. */
  readonly mark: string;
};

type Row = { id: string; purpose: string; sealed: string; used_from: string };

const listKeys = async (db: Db, now: Date): Promise<Row[]> => {
  const { rows } = await sql<Row>`
    select id, purpose, sealed, used_from from identity.own_keys
    where ended_at is null or ended_at > ${toInstant(now)} order by used_from desc, id`.execute(db);
  return rows;
};

const addKey = async (
  db: Db,
  sealing: Sealing,
  {
    purpose,
    secret,
    made,
    usedFrom,
  }: { purpose: string; secret: (id: string) => Promise<unknown>; made: Date; usedFrom: Date },
): Promise<void> => {
  const id = newId();
  const sealed = await sealing.seal(JSON.stringify(await secret(id)), id);
  await db
    .insertInto('own_keys')
    .values({
      id,
      purpose,
      sealed,
      public_jwk: null,
      made_at: toInstant(made),
      used_from: toInstant(usedFrom),
      ended_at: null,
    })
    .execute();
};

const newSigningKey = (alg: string) => async (kid: string) => {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: RSA_BITS });
  return { ...(await exportJWK(privateKey)), kid, alg, use: 'sig' };
};

const addSigningKeys = async (db: Db, sealing: Sealing, made: Date, usedFrom: Date) => {
  for (const alg of ALGORITHMS)
    await addKey(db, sealing, { purpose: alg, secret: newSigningKey(alg), made, usedFrom });
};

/** What is sealed by another key is left aside: the house then makes new ones, and people sign in anew. */
const opened = async (sealing: Sealing, rows: readonly Row[]) =>
  (
    await Promise.all(
      rows.map(async (row) => {
        const text = await sealing.open(row.sealed, row.id).catch(() => undefined);
        return text === undefined ? [] : [{ ...row, secret: JSON.parse(text) as unknown }];
      }),
    )
  ).flat();

/** The keys of this house as they are now, made where there are none; call it in a transaction. */
export const ensureKeys = async (db: Db, sealing: Sealing, now: Date): Promise<OwnKeys> => {
  let rows = await opened(sealing, await listKeys(db, now));
  const isUsed = (row: Row) => Date.parse(row.used_from) <= now.getTime();
  const lacks = (purpose: string) => !rows.some((row) => row.purpose === purpose && isUsed(row));
  if (ALGORITHMS.some(lacks) || lacks('cookie')) {
    if (ALGORITHMS.some(lacks)) await addSigningKeys(db, sealing, now, now);
    const secret = async () => randomBytes(32).toString('base64url');
    if (lacks('cookie'))
      await addKey(db, sealing, { purpose: 'cookie', secret, made: now, usedFrom: now });
    rows = await opened(sealing, await listKeys(db, now));
  }
  // Newest first; what is only announced stands behind what signs.
  const inOrder = [...rows.filter(isUsed), ...rows.filter((row) => !isUsed(row))];
  return {
    signing: inOrder.filter((row) => row.purpose !== 'cookie').map((row) => row.secret as JWK),
    cookies: inOrder.filter((row) => row.purpose === 'cookie').map((row) => row.secret as string),
    mark: inOrder.map((row) => row.id).join(' '),
  };
};

/**
 * Announces new signing keys, which take over in a day; at once where the present ones are `compromised`, and those are
 * then published no more. Call it in a transaction.
 */
export const rotateKeys = async (
  db: Db,
  sealing: Sealing,
  { compromised }: { compromised: boolean },
  now: Date,
): Promise<void> => {
  const usedFrom = compromised ? now : new Date(now.getTime() + ANNOUNCED_MS);
  const endedAt = compromised ? now : new Date(usedFrom.getTime() + KEPT_MS);
  await sql`update identity.own_keys set ended_at = ${toInstant(endedAt)}
    where purpose = any(${ALGORITHMS}) and (ended_at is null or ended_at > ${toInstant(endedAt)})`.execute(
    db,
  );
  await addSigningKeys(db, sealing, now, usedFrom);
};

/** Rotates keys that have signed for long enough; call it in a transaction. */
export const rotateOldKeys = async (db: Db, sealing: Sealing, now: Date): Promise<void> => {
  const newest = await db
    .selectFrom('own_keys')
    .select((is) => is.fn.max('used_from').as('at'))
    .where('purpose', '!=', 'cookie')
    .executeTakeFirst();
  if (newest?.at && Date.parse(newest.at) < now.getTime() - ROTATED_AFTER_MS)
    await rotateKeys(db, sealing, { compromised: false }, now);
  await sql`delete from identity.own_keys where ended_at < ${toInstant(now)}`.execute(db);
};
