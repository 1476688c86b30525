import { sql } from 'kysely';
import { hashSecret, newSecret } from '#kernel/ids';
import { toInstant } from '#kernel/time';
import type { Db } from '../people/terms.ts';

/** Time to find one's telephone. */
const STEP_SECONDS = 300;

export type StepKind = 'passkey' | 'passkey-new' | 'second-factor';
type Step = { readonly kind: StepKind; readonly person?: string; readonly data: object };

/** Keeps half a sign-in for five minutes. Answers the secret by which it goes on. */
export const openStep = async (
  db: Db,
  { kind, person, data }: Step,
  now: Date,
): Promise<string> => {
  const secret = newSecret('step');
  await db
    .insertInto('steps')
    .values({
      id_hash: hashSecret(secret),
      kind,
      person: person ?? null,
      data: JSON.stringify(data),
      expires_at: toInstant(now.getTime() + STEP_SECONDS * 1000),
    })
    .execute();
  return secret;
};

export type Found = { readonly person: string | null; readonly data: Record<string, unknown> };

/** Half a sign-in as it was left, while it lasts. */
export const findStep = async (
  db: Db,
  kind: StepKind,
  secret: string,
  now: Date,
): Promise<Found | undefined> => {
  const { rows } = await sql<Found>`
    select person, data from identity.steps
    where id_hash = ${hashSecret(secret)} and kind = ${kind} and expires_at > ${toInstant(now)}`.execute(
    db,
  );
  return rows[0];
};

/** The same, this once: of two that come at once one finds it. */
export const takeStep = async (
  db: Db,
  kind: StepKind,
  secret: string,
  now: Date,
): Promise<Found | undefined> => {
  const { rows } = await sql<Found>`
    delete from identity.steps
    where id_hash = ${hashSecret(secret)} and kind = ${kind} and expires_at > ${toInstant(now)}
    returning person, data`.execute(db);
  return rows[0];
};
