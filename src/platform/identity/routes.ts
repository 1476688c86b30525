import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { Me, NewPassword, NewSession, NewToken, Token, TokenWithSecret } from './contract.ts';
import { SESSION_COOKIE } from './identify.ts';
import type { Needs } from './needs.ts';
import { changePassword, findByPassword } from './people/people.ts';
import { countAttempt, forgetAttempts } from './sign-in/attempts.ts';
import { hasAuthenticator } from './sign-in/authenticators.ts';
import { isCommonPassword } from './sign-in/common-passwords.ts';
import { openStep } from './sign-in/steps.ts';
import { SecondFactorNeeded, Sessions, SessionId } from './sign-in/contract.ts';
import { cookieFor, sessionHash, toMe, welcome } from './sign-in/cookie.ts';
import { mustBeSameOrigin } from './sign-in/same-origin.ts';
import { closeSession, listSessions, revokeSession } from './sign-in/sessions.ts';
import { addToken, listTokens, revokeToken } from './tokens.ts';

const TAGS = ['identity'];
/** Tries of one address, whatever the names; each costs 19 MiB and some 30 ms. */
const SIGN_INS_A_MINUTE_MAX = 30;

/** Who one is, one's password, one's sessions, and the tokens of applications. */
export const addRoutes = (app: App, needs: Needs) => {
  const { db, inOne, database, clock, config, terms, identifier } = needs;
  const throttled = { rateLimit: { max: SIGN_INS_A_MINUTE_MAX, timeWindow: 60_000 } };

  app.get(
    '/me',
    { config: { action: 'identity.see-oneself' }, schema: { tags: TAGS, response: { 200: Me } } },
    async ({ actor }) => toMe(actor, config.auth),
  );

  app.put(
    '/me/password',
    {
      config: { action: 'identity.change-own-password', ...throttled },
      schema: { tags: TAGS, body: NewPassword, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { actor, body, ip } = request;
      if (actor.kind !== 'person' || actor.client !== undefined)
        throw new Refusal('forbidden', 'Only a person who signed in has a password.');
      const { name } = await db
        .selectFrom('people')
        .select('name')
        .where('id', '=', actor.id)
        .executeTakeFirstOrThrow();
      if (isCommonPassword(body.next, name))
        throw new Refusal('invalid', 'This password is among the first that are tried.', {
          at: 'next',
        });
      const from = { name, address: ip };
      await countAttempt(database, from, clock.now());
      if (!(await findByPassword(db, name, body.current, terms)))
        throw new Refusal('forbidden', 'The current password is wrong.', { at: 'current' });
      await forgetAttempts(database, from);
      const change = { password: body.next, keepHash: sessionHash(request) };
      await inOne(async ({ db: own, note }) => {
        await changePassword(own, actor.id, change, clock.now());
        const subject = { kind: 'person', id: actor.id };
        await note({ actor, action: 'identity.change-own-password', subject });
      });
      identifier.forgetAll();
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/sessions',
    {
      config: { action: 'identity.sign-in', ...throttled },
      schema: {
        tags: TAGS,
        body: NewSession,
        response: { 201: Me, 202: SecondFactorNeeded },
      },
    },
    async (request, reply) => {
      mustBeSameOrigin(request, config.publicUrl);
      const { name, password } = request.body;
      const from = { name, address: request.ip };
      await countAttempt(database, from, clock.now());
      const found = await findByPassword(db, name, password, terms);
      if (!found) throw new Refusal('unauthenticated', 'The name or the password is wrong.');
      await forgetAttempts(database, from);
      const { person, epoch } = found;
      if (await hasAuthenticator(db, person.id)) {
        const begun = { kind: 'second-factor', person: person.id, data: { epoch } } as const;
        return reply.code(202).send({ step: await openStep(db, begun, clock.now()) });
      }
      const me = await welcome(needs, request, reply, { ...found, method: 'password', factors: 1 });
      return reply.code(201).send(me);
    },
  );

  app.delete(
    '/sessions/current',
    {
      config: { action: 'identity.sign-out' },
      schema: { tags: TAGS, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const hash = sessionHash(request);
      await closeSession(db, hash, clock.now());
      identifier.forget(hash);
      return reply
        .clearCookie(SESSION_COOKIE, cookieFor(request, config.publicUrl))
        .code(204)
        .send(null);
    },
  );

  const own = { action: 'identity.keep-own-account' };

  app.get(
    '/sessions',
    { config: own, schema: { tags: TAGS, response: { 200: Sessions } } },
    async (request) => ({
      items: await listSessions(db, request.actor.id, sessionHash(request), clock.now()),
    }),
  );

  app.delete(
    '/sessions/:id',
    {
      config: own,
      schema: { tags: TAGS, params: SessionId, response: { 204: Type.Null() } },
    },
    async ({ actor, params: { id } }, reply) => {
      const hash = await inOne(async ({ db: tx, note }) => {
        const ended = await revokeSession(tx, actor.id, id, clock.now());
        const subject = { kind: 'session', id };
        await note({ actor, action: 'identity.keep-own-account', subject });
        return ended;
      });
      identifier.forget(hash);
      return reply.code(204).send(null);
    },
  );

  const keep = { action: 'identity.keep-tokens' };

  app.get(
    '/tokens',
    {
      config: keep,
      schema: { tags: TAGS, response: { 200: Type.Object({ items: Type.Array(Token) }) } },
    },
    async ({ actor }) => ({ items: await listTokens(db, actor) }),
  );

  app.post(
    '/tokens',
    { config: keep, schema: { tags: TAGS, body: NewToken, response: { 201: TokenWithSecret } } },
    async ({ actor, body }, reply) => {
      const made = await inOne(async ({ db: tx, note }) => {
        const token = await addToken(tx, actor, body, clock.now());
        const subject = { kind: 'token', id: token.id };
        await note({ actor, action: 'identity.keep-tokens', subject, after: body });
        return token;
      });
      return reply.code(201).send(made);
    },
  );

  app.delete(
    '/tokens/:id',
    {
      config: keep,
      schema: {
        tags: TAGS,
        params: Type.Object({ id: Type.String() }),
        response: { 204: Type.Null() },
      },
    },
    async ({ actor, params }, reply) => {
      const hashes = await inOne(async ({ db: tx, note }) => {
        const ended = await revokeToken(tx, actor, params.id, clock.now());
        const subject = { kind: 'token', id: params.id };
        await note({ actor, action: 'identity.keep-tokens', subject });
        return ended;
      });
      for (const hash of hashes) identifier.forget(hash);
      return reply.code(204).send(null);
    },
  );
};
