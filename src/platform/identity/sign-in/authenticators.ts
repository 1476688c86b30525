import { Secret, TOTP } from 'otpauth';
import { sql } from 'kysely';
import type { Actor } from '#kernel/actor';
import { Refusal } from '#kernel/errors';
import { hashSecret } from '#kernel/ids';
import { toInstant } from '#kernel/time';
import type { Db } from '../people/terms.ts';
import type { Sealing } from '../sealing.ts';
import { newPassword } from './passwords.ts';

/** RFC 6238 as every authenticator speaks it; a code counts half a minute early or late. */
const PERIOD_SECONDS = 30;
const WINDOW_STEPS = 1;
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;
const ISSUER = 'Sanjiang';

const totpOf = (secret: string, label: string) =>
  new TOTP({ issuer: ISSUER, label, algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS, secret });

/** Whether a person's second factor is on. */
export const hasAuthenticator = async (db: Db, person: string): Promise<boolean> =>
  (await db
    .selectFrom('authenticators')
    .select('person')
    .where('person', '=', person)
    .where('confirmed_at', 'is not', null)
    .executeTakeFirst()) !== undefined;

/** A secret for a person's authenticator, which counts once a code of it was shown. Throws Refusal('conflict'). */
export const offerAuthenticator = async (
  db: Db,
  sealing: Sealing,
  actor: Actor,
  now: Date,
): Promise<{ secret: string; uri: string }> => {
  const secret = new Secret({ size: SECRET_BYTES }).base32;
  const { rows } = await sql`
    insert into identity.authenticators as a (person, sealed, last_step, made_at)
    values (${actor.id}, ${await sealing.seal(secret, actor.id)}, 0, ${toInstant(now)})
    on conflict (person) do update set sealed = excluded.sealed, made_at = excluded.made_at
      where a.confirmed_at is null returning person`.execute(db);
  if (rows.length === 0)
    throw new Refusal('conflict', 'You have an authenticator already. Remove it first.');
  return { secret, uri: totpOf(secret, actor.name).toString() };
};

/** Whether a code is the authenticator's of now, and was not shown before. */
const takeCode = async (
  db: Db,
  sealing: Sealing,
  person: string,
  code: string,
  { confirmed }: { confirmed: boolean },
  now: Date,
): Promise<boolean> => {
  const row = await db
    .selectFrom('authenticators')
    .selectAll()
    .where('person', '=', person)
    .where('confirmed_at', confirmed ? 'is not' : 'is', null)
    .executeTakeFirst();
  if (!row) return false;
  const totp = totpOf(await sealing.open(row.sealed, person), '');
  const delta = totp.validate({ token: code, window: WINDOW_STEPS, timestamp: now.getTime() });
  if (delta === null) return false;
  const step = Math.floor(now.getTime() / 1000 / PERIOD_SECONDS) + delta;
  const taken = await db
    .updateTable('authenticators')
    .set({ last_step: step, confirmed_at: row.confirmed_at ?? toInstant(now) })
    .where('person', '=', person)
    .where('last_step', '<', step)
    .returning('person')
    .executeTakeFirst();
  return taken !== undefined;
};

/** Turns the second factor on; call it in a transaction. Answers ten codes for a lost telephone, this once. Throws Refusal('forbidden'). */
export const confirmAuthenticator = async (
  db: Db,
  sealing: Sealing,
  actor: Actor,
  code: string,
  now: Date,
): Promise<string[]> => {
  if (!(await takeCode(db, sealing, actor.id, code, { confirmed: false }, now)))
    throw new Refusal('forbidden', 'This code is not the one of now.', { at: 'code' });
  const codes = Array.from({ length: RECOVERY_CODES }, newPassword);
  await db
    .deleteFrom('recovery_codes')
    .where('person', '=', actor.id)
    .where('purpose', '=', 'second-factor')
    .execute();
  await db
    .insertInto('recovery_codes')
    .values(
      codes.map((one) => ({
        code_hash: hashSecret(one),
        person: actor.id,
        purpose: 'second-factor' as const,
        made_by: actor.id,
        made_at: toInstant(now),
        expires_at: null,
        used_at: null,
      })),
    )
    .execute();
  return codes;
};

/** Whether this is a person's second factor: a code of now, or one of the ten, each of which counts once. */
export const isSecondFactor = async (
  db: Db,
  sealing: Sealing,
  person: string,
  code: string,
  now: Date,
): Promise<boolean> =>
  /^\d{6}$/.test(code)
    ? takeCode(db, sealing, person, code, { confirmed: true }, now)
    : useRecoveryCode(db, person, 'second-factor', code, now);

/** Uses a recovery code up. Answers whether it was one. */
export const useRecoveryCode = async (
  db: Db,
  person: string,
  purpose: 'second-factor' | 'account',
  code: string,
  now: Date,
): Promise<boolean> => {
  const { rows } = await sql`
    update identity.recovery_codes set used_at = ${toInstant(now)}
    where code_hash = ${hashSecret(code.trim().toLowerCase())} and person = ${person} and purpose = ${purpose}
      and used_at is null and (expires_at is null or expires_at > ${toInstant(now)}) returning person`.execute(
    db,
  );
  return rows.length > 0;
};

/** Turns the second factor off; call it in a transaction. */
export const removeAuthenticator = async (db: Db, person: string): Promise<void> => {
  await db.deleteFrom('authenticators').where('person', '=', person).execute();
  await db
    .deleteFrom('recovery_codes')
    .where('person', '=', person)
    .where('purpose', '=', 'second-factor')
    .execute();
};
