import {
  type AuthenticationResponseJSON,
  type AuthenticatorTransport,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { sql } from 'kysely';
import type { Actor } from '#kernel/actor';
import { Refusal } from '#kernel/errors';
import { toInstant } from '#kernel/time';
import { mayBeHere, type PersonRow, personColumns, personOf } from '../people/actors.ts';
import type { Proven } from '../people/people.ts';
import type { Db, Terms } from '../people/terms.ts';
import type { Passkey } from './contract.ts';
import { openStep, takeStep } from './steps.ts';

const PASSKEYS_EACH_MAX = 20;
const HOUSE_NAME = '三江 Sanjiang';

/** The party that passkeys are for: their browser page's address, and its host (WebAuthn Level 3 §5.1.2). */
export type Party = { readonly origin: string; readonly id: string };

const toPasskey = (row: {
  id: string;
  name: string;
  backed_up: boolean;
  made_at: string;
  last_used_at: string | null;
}): Passkey => ({
  id: row.id,
  name: row.name,
  synced: row.backed_up,
  madeAt: row.made_at,
  lastUsedAt: row.last_used_at,
});

/** A person's passkeys, newest first. */
export const listPasskeys = async (db: Db, person: string): Promise<Passkey[]> =>
  (
    await db
      .selectFrom('passkeys')
      .selectAll()
      .where('person', '=', person)
      .orderBy('made_at', 'desc')
      .limit(PASSKEYS_EACH_MAX)
      .execute()
  ).map(toPasskey);

/** What a browser needs to make a passkey for a person. Throws Refusal('conflict') for too many. */
export const offerPasskey = async (db: Db, actor: Actor, party: Party, now: Date) => {
  const held = await db
    .selectFrom('passkeys')
    .select(['id', 'transports'])
    .where('person', '=', actor.id)
    .execute();
  if (held.length >= PASSKEYS_EACH_MAX)
    throw new Refusal('conflict', `You have ${held.length} passkeys already. Remove some first.`);
  const options = await generateRegistrationOptions({
    rpName: HOUSE_NAME,
    rpID: party.id,
    userID: new TextEncoder().encode(actor.id),
    userName: actor.name,
    userDisplayName: actor.name,
    attestationType: 'none',
    excludeCredentials: held.map(({ id, transports }) => ({
      id,
      transports: transports as AuthenticatorTransport[],
    })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  const data = { challenge: options.challenge };
  const step = await openStep(db, { kind: 'passkey-new', person: actor.id, data }, now);
  return { step, options };
};

const verified = async <T extends { verified: boolean }>(check: () => Promise<T>): Promise<T> => {
  const result = await check().catch((error: unknown) => {
    throw new Refusal(
      'unauthenticated',
      `The passkey was not accepted: ${(error as Error).message}`,
    );
  });
  if (result.verified) return result;
  throw new Refusal('unauthenticated', 'The passkey was not accepted.');
};

/** Keeps the passkey that a browser made; call it in a transaction. Throws Refusal('unauthenticated' | 'conflict'). */
export const addPasskey = async (
  db: Db,
  actor: Actor,
  { step, name, response }: { step: string; name: string; response: unknown },
  party: Party,
  now: Date,
): Promise<Passkey> => {
  const found = await takeStep(db, 'passkey-new', step, now);
  if (!found || found.person !== actor.id)
    throw new Refusal('unauthenticated', 'This took too long. Please begin again.');
  const { registrationInfo } = await verified(() =>
    verifyRegistrationResponse({
      response: response as RegistrationResponseJSON,
      expectedChallenge: String(found.data['challenge']),
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
    }),
  );
  const { credential, credentialBackedUp } = registrationInfo!;
  const row = {
    id: credential.id,
    person: actor.id,
    public_key: Buffer.from(credential.publicKey).toString('base64url'),
    counter: credential.counter,
    transports: [...(credential.transports ?? [])],
    backed_up: credentialBackedUp,
    name,
    made_at: toInstant(now),
    last_used_at: null,
  };
  const added = await db
    .insertInto('passkeys')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!added) throw new Refusal('conflict', 'This passkey is registered already.');
  return toPasskey(row);
};

/** Removes one of a person's passkeys. Throws Refusal('not-found'). */
export const removePasskey = async (db: Db, person: string, id: string): Promise<void> => {
  const removed = await db
    .deleteFrom('passkeys')
    .where('id', '=', id)
    .where('person', '=', person)
    .returning('id')
    .executeTakeFirst();
  if (!removed) throw new Refusal('not-found', 'You have no such passkey.');
};

/** What a browser needs to ask for a passkey; the same for everybody, since nobody has said yet who they are. */
export const askForPasskey = async (db: Db, party: Party, now: Date) => {
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    userVerification: 'required',
  });
  const step = await openStep(db, { kind: 'passkey', data: { challenge: options.challenge } }, now);
  return { step, options };
};

type Key = PersonRow & {
  key: string;
  public_key: string;
  counter: number;
  transports: string[];
  epoch: number;
};

/** Who holds the passkey that a browser answered with; call it in a transaction. Throws Refusal('unauthenticated'). */
export const findByPasskey = async (
  db: Db,
  { step, response }: { step: string; response: { id?: unknown } },
  party: Party,
  terms: Terms,
  now: Date,
): Promise<Proven> => {
  const found = await takeStep(db, 'passkey', step, now);
  if (!found) throw new Refusal('unauthenticated', 'This took too long. Please begin again.');
  const { rows } = await sql<Key>`
    select ${personColumns(terms.now())}, k.id as key, k.public_key, k.counter, k.transports, p.epoch
    from identity.passkeys k join identity.people p on p.id = k.person
    where k.id = ${String(response.id)} and ${mayBeHere(terms)} for update of k`.execute(db);
  const [row] = rows;
  if (!row) throw new Refusal('unauthenticated', 'Nobody here has this passkey.');
  const { authenticationInfo } = await verified(() =>
    verifyAuthenticationResponse({
      response: response as AuthenticationResponseJSON,
      expectedChallenge: String(found.data['challenge']),
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: {
        id: row.key,
        publicKey: new Uint8Array(Buffer.from(row.public_key, 'base64url')),
        counter: Number(row.counter),
        transports: row.transports as AuthenticatorTransport[],
      },
    }),
  );
  await sql`update identity.passkeys set counter = ${authenticationInfo.newCounter}, last_used_at = ${terms.now()}
    where id = ${row.key}`.execute(db);
  return { person: personOf(row, 2, terms), epoch: row.epoch };
};
