import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Config } from '#kernel/config';
import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { hashSecret } from '#kernel/ids';
import type { Clock } from '#kernel/time';
import type { Kysely } from 'kysely';
import { countAttempt, forgetAttempts } from './attempts.ts';
import { Me, NewPassword, NewSession, NewToken, Token, TokenWithSecret } from './contract.ts';
import { type openIdentify, SESSION_COOKIE } from './identify.ts';
import { changePassword, findByPassword } from './people.ts';
import { mustBeSameOrigin } from './same-origin.ts';
import { closeSession, openSession, SESSION_SECONDS } from './sessions.ts';
import type { IdentityTables } from './tables.ts';
import { addToken, listTokens, revokeToken } from './tokens.ts';

type Needs = {
  readonly db: Kysely<IdentityTables>;
  readonly database: Database;
  readonly clock: Clock;
  readonly config: Config;
  readonly identifier: ReturnType<typeof openIdentify>;
};

const TAGS = ['identity'];
/** Tries of one address, whatever the names; each costs 19 MiB and some 30 ms. */
const SIGN_INS_A_MINUTE_MAX = 30;

const sessionHash = (request: FastifyRequest): string =>
  hashSecret(request.cookies[SESSION_COOKIE] ?? '');

export const addRoutes = (app: App, { db, database, clock, config, identifier }: Needs) => {
  const cookieFor = (request: FastifyRequest) =>
    ({
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: request.protocol === 'https' || (config.publicUrl?.startsWith('https:') ?? false),
    }) as const;
  /** Several statements that count together or not at all. */
  const inOne = <T>(work: (own: Kysely<IdentityTables>) => Promise<T>): Promise<T> =>
    database.transaction(({ kysely }) => work(kysely<IdentityTables>('identity')));
  const throttled = { rateLimit: { max: SIGN_INS_A_MINUTE_MAX, timeWindow: 60_000 } };

  app.get(
    '/me',
    { config: { action: 'identity.see-oneself' }, schema: { tags: TAGS, response: { 200: Me } } },
    async ({ actor: { kind, id, name, roles } }) => ({
      actor: { kind, id, name, roles: [...roles] },
      auth: config.auth,
    }),
  );

  app.put(
    '/me/password',
    {
      config: { action: 'identity.change-own-password', ...throttled },
      schema: { tags: TAGS, body: NewPassword, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { actor, body, ip } = request;
      if (actor.kind !== 'person')
        throw new Refusal('forbidden', 'Only a person who signed in has a password.');
      const from = { name: actor.name, address: ip };
      await countAttempt(database, from, clock.now());
      if (!(await findByPassword(db, actor.name, body.current)))
        throw new Refusal('forbidden', 'The current password is wrong.', { at: 'current' });
      await forgetAttempts(database, from);
      const change = { password: body.next, keepHash: sessionHash(request) };
      await inOne((own) => changePassword(own, actor.id, change, clock.now()));
      identifier.forgetAll();
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/sessions',
    {
      config: { action: 'identity.sign-in', ...throttled },
      schema: { tags: TAGS, body: NewSession, response: { 201: Me } },
    },
    async (request, reply) => {
      mustBeSameOrigin(request, config.publicUrl);
      const { name, password } = request.body;
      const from = { name, address: request.ip };
      await countAttempt(database, from, clock.now());
      const found = await findByPassword(db, name, password);
      const userAgent = request.headers['user-agent'] ?? '';
      const secret =
        found &&
        (await openSession(
          db,
          { person: found.person.id, passwordHash: found.passwordHash, userAgent },
          clock.now(),
        ));
      if (!secret) throw new Refusal('unauthenticated', 'The name or the password is wrong.');
      await forgetAttempts(database, from);
      const { person } = found;
      reply.setCookie(SESSION_COOKIE, secret, {
        ...cookieFor(request),
        maxAge: SESSION_SECONDS,
      });
      return reply
        .code(201)
        .send({ actor: { ...person, roles: [...person.roles] }, auth: config.auth });
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
      return reply.clearCookie(SESSION_COOKIE, cookieFor(request)).code(204).send(null);
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
    async ({ actor, body }, reply) =>
      reply.code(201).send(await inOne((own) => addToken(own, actor, body, clock.now()))),
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
      const hashes = await inOne((own) => revokeToken(own, actor, params.id, clock.now()));
      for (const hash of hashes) identifier.forget(hash);
      return reply.code(204).send(null);
    },
  );
};
