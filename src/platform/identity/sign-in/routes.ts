import { Type } from 'typebox';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { sql } from 'kysely';
import { Me } from '../contract.ts';
import type { Needs } from '../needs.ts';
import { findPerson } from '../people/actors.ts';
import type { Sealing } from '../sealing.ts';
import { countAttempt, forgetAttempts } from './attempts.ts';
import {
  confirmAuthenticator,
  hasAuthenticator,
  isSecondFactor,
  offerAuthenticator,
  removeAuthenticator,
} from './authenticators.ts';
import {
  AuthenticatorCode,
  AuthenticatorOffer,
  AuthenticatorState,
  NewPasskey,
  Nothing,
  Passkey,
  PasskeyAnswer,
  PasskeyId,
  PasskeyOffer,
  Passkeys,
  RecoveryCodes,
  SecondFactor,
} from './contract.ts';
import { sessionHash, welcome } from './cookie.ts';
import { partyOf } from './party.ts';
import {
  addPasskey,
  askForPasskey,
  findByPasskey,
  listPasskeys,
  offerPasskey,
  removePasskey,
} from './passkeys.ts';
import { mustBeSameOrigin } from './same-origin.ts';
import { findStep, takeStep } from './steps.ts';

const TAGS = ['identity'];
const TRIES_A_MINUTE_MAX = 30;
const nothing = { 204: Type.Null() };

/** Only who signed in here, and not an application in their name, changes how they sign in. */
const mustBeSelf = ({ actor }: FastifyRequest) => {
  if (actor.kind !== 'person' || actor.client !== undefined || actor.onBehalfOf)
    throw new Refusal('forbidden', 'Only the person who signed in may do this.');
};

/** Passkeys, and the second factor. */
export const addSignInRoutes = (app: App, needs: Needs, sealing: Sealing) => {
  const { db, inOne, database, clock, config, terms, identifier } = needs;
  const open = {
    action: 'identity.sign-in',
    rateLimit: { max: TRIES_A_MINUTE_MAX, timeWindow: 60_000 },
  };
  const own = { action: 'identity.keep-own-account' };
  const noted = (request: FastifyRequest, kind: string, id: string) => ({
    actor: request.actor,
    action: own.action,
    subject: { kind, id },
  });

  app.get(
    '/passkeys',
    { config: own, schema: { tags: TAGS, response: { 200: Passkeys } } },
    async ({ actor }) => ({ items: await listPasskeys(db, actor.id) }),
  );

  app.post(
    '/passkey-offers',
    { config: own, schema: { tags: TAGS, body: Nothing, response: { 201: PasskeyOffer } } },
    async (request, reply) => {
      mustBeSelf(request);
      const party = partyOf(request, config.publicUrl);
      return reply.code(201).send(await offerPasskey(db, request.actor, party, clock.now()));
    },
  );

  app.post(
    '/passkeys',
    { config: own, schema: { tags: TAGS, body: NewPasskey, response: { 201: Passkey } } },
    async (request, reply) => {
      mustBeSelf(request);
      const party = partyOf(request, config.publicUrl);
      const added = await inOne(async ({ db: tx, note }) => {
        const made = await addPasskey(tx, request.actor, request.body, party, clock.now());
        await note({ ...noted(request, 'passkey', made.id), after: made });
        return made;
      });
      return reply.code(201).send(added);
    },
  );

  app.delete(
    '/passkeys/:id',
    { config: own, schema: { tags: TAGS, params: PasskeyId, response: nothing } },
    async (request, reply) => {
      const { id } = request.params;
      mustBeSelf(request);
      await inOne(async ({ db: tx, note }) => {
        await removePasskey(tx, request.actor.id, id);
        await note(noted(request, 'passkey', id));
      });
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/passkey-questions',
    { config: open, schema: { tags: TAGS, body: Nothing, response: { 201: PasskeyOffer } } },
    async (request, reply) => {
      const party = partyOf(request, config.publicUrl);
      return reply.code(201).send(await askForPasskey(db, party, clock.now()));
    },
  );

  app.post(
    '/passkey-sessions',
    { config: open, schema: { tags: TAGS, body: PasskeyAnswer, response: { 201: Me } } },
    async (request, reply) => {
      mustBeSameOrigin(request, config.publicUrl);
      const party = partyOf(request, config.publicUrl);
      const found = await inOne(({ db: tx }) =>
        findByPasskey(tx, request.body, party, terms, clock.now()),
      );
      const session = { ...found, method: 'passkey', factors: 2 } as const;
      return reply.code(201).send(await welcome(needs, request, reply, session));
    },
  );

  app.post(
    '/second-factors',
    { config: open, schema: { tags: TAGS, body: SecondFactor, response: { 201: Me } } },
    async (request, reply) => {
      mustBeSameOrigin(request, config.publicUrl);
      const { step, code } = request.body;
      const begun = await findStep(db, 'second-factor', step, clock.now());
      if (!begun?.person)
        throw new Refusal('unauthenticated', 'This took too long. Please begin again.');
      const from = { name: `second factor of ${begun.person}`, address: request.ip };
      await countAttempt(database, from, clock.now());
      if (!(await isSecondFactor(db, sealing, begun.person, code, clock.now())))
        throw new Refusal('unauthenticated', 'This code is not the one of now.', { at: 'code' });
      await takeStep(db, 'second-factor', step, clock.now());
      await forgetAttempts(database, from);
      const person = await findPerson(db, begun.person, 2, terms);
      if (!person) throw new Refusal('unauthenticated', 'This account is closed.');
      const epoch = Number(begun.data['epoch']);
      const session = { person, epoch, method: 'password+code', factors: 2 } as const;
      return reply.code(201).send(await welcome(needs, request, reply, session));
    },
  );

  app.get(
    '/authenticator',
    { config: own, schema: { tags: TAGS, response: { 200: AuthenticatorState } } },
    async ({ actor }) => ({ on: await hasAuthenticator(db, actor.id) }),
  );

  app.post(
    '/authenticator',
    { config: own, schema: { tags: TAGS, body: Nothing, response: { 201: AuthenticatorOffer } } },
    async (request, reply) => {
      mustBeSelf(request);
      return reply
        .code(201)
        .send(await offerAuthenticator(db, sealing, request.actor, clock.now()));
    },
  );

  app.put(
    '/authenticator',
    {
      config: { ...own, rateLimit: open.rateLimit },
      schema: { tags: TAGS, body: AuthenticatorCode, response: { 200: RecoveryCodes } },
    },
    async (request) => {
      mustBeSelf(request);
      const codes = await inOne(async ({ db: tx, note }) => {
        const { code } = request.body;
        const made = await confirmAuthenticator(tx, sealing, request.actor, code, clock.now());
        await note({ ...noted(request, 'authenticator', request.actor.id), after: { on: true } });
        return made;
      });
      return { codes };
    },
  );

  app.delete(
    '/authenticator',
    { config: own, schema: { tags: TAGS, response: nothing } },
    async (request, reply) => {
      mustBeSelf(request);
      if (!(await hasAuthenticator(db, request.actor.id)))
        throw new Refusal('not-found', 'You have no authenticator.');
      const { rows } = await sql<{ factors: number }>`
        select factors from identity.sessions where secret_hash = ${sessionHash(request)}`.execute(
        db,
      );
      if ((rows[0]?.factors ?? 0) < 2)
        throw new Refusal('forbidden', 'Sign in with your second factor first.');
      await inOne(async ({ db: tx, note }) => {
        await removeAuthenticator(tx, request.actor.id);
        await note({ ...noted(request, 'authenticator', request.actor.id), after: { on: false } });
      });
      identifier.forgetAll();
      return reply.code(204).send(null);
    },
  );
};
