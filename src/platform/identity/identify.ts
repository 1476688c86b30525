import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type Actor, ANONYMOUS, narrowScopes, SYSTEM } from '#kernel/actor';
import { Refusal } from '#kernel/errors';
import { hashSecret } from '#kernel/ids';
import type { Clock } from '#kernel/time';
import type { InForce } from './bodies/mandates.ts';
import type { Resolver } from './index.ts';
import { openMemory } from './memory.ts';
import { mustBeSameOrigin } from './sign-in/same-origin.ts';

export const SESSION_COOKIE = 'sj_session';
/** Where the provider of OpenID Connect answers; it judges the secrets that come there itself. */
export const OIDC_PATH = '/oidc';

const CONSOLE: Actor = { ...SYSTEM, id: 'console', name: 'Console' };
/** With AUTH=off whoever reaches the loopback address may do anything. */
const TRUSTED: Actor = {
  ...ANONYMOUS,
  roles: ['anyone', 'person', 'developer', 'operator', 'administrator'],
};

type Needs = {
  readonly clock: Clock;
  readonly auth: 'on' | 'off';
  readonly publicUrl: string | undefined;
  readonly consoleSecret: string;
  readonly bySession: (hash: string) => Promise<Actor | undefined>;
  readonly byToken: (hash: string) => Promise<Actor | undefined>;
  readonly byMandate: (agent: string, mandate: string) => Promise<InForce | undefined>;
};

const BEARER = /^Bearer +(\S+) *$/i;
const PURPOSE = /^[a-z0-9-]{1,60}$/;
const HEADER_CHARACTERS_MAX = 100;

const headerOf = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'string' ? value.slice(0, HEADER_CHARACTERS_MAX) : undefined;
};

/** Who asks; see the port. `forget` makes this process see a revocation at once. */
export const openIdentify = (needs: Needs) => {
  const { clock, auth, publicUrl, bySession, byToken, byMandate } = needs;
  const consoleHash = Buffer.from(hashSecret(needs.consoleSecret));
  const resolvers: Resolver[] = [];
  const known = openMemory<Actor>(clock);
  const mandates = openMemory<InForce>(clock);

  const byBearer = async (secret: string): Promise<Actor> => {
    const hash = hashSecret(secret);
    if (timingSafeEqual(Buffer.from(hash), consoleHash)) return CONSOLE;
    const actor = await known.get(hash, async () => {
      for (const find of [() => byToken(hash), ...resolvers.map((r) => () => r(secret))]) {
        const found = await find();
        if (found) return found;
      }
      return undefined;
    });
    if (actor) return actor;
    throw new Refusal('unauthenticated', 'This bearer secret is not valid, or not any more.');
  };

  const bySecret = async (request: FastifyRequest): Promise<Actor> => {
    const bearer = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (bearer) return byBearer(bearer);
    const secret = request.cookies[SESSION_COOKIE];
    const hash = secret && hashSecret(secret);
    const person = hash ? await known.get(hash, () => bySession(hash)) : undefined;
    if (!person && auth === 'on') return ANONYMOUS;
    mustBeSameOrigin(request, publicUrl);
    return person ?? TRUSTED;
  };

  /** With the mandate that the request names: for whom, and within what. */
  const underMandate = async (actor: Actor, mandate: string): Promise<Actor> => {
    if (actor.kind !== 'person')
      throw new Refusal('forbidden', 'Only a person acts under a mandate.');
    const found = await mandates.get(`${actor.id} ${mandate}`, () => byMandate(actor.id, mandate));
    if (!found) throw new Refusal('forbidden', 'This mandate is not in force, or not yours.');
    const scopes = narrowScopes(actor.scopes, found.scopes);
    return { ...actor, onBehalfOf: found.onBehalfOf, ...(scopes && { scopes }) };
  };

  return {
    identify: async (request: FastifyRequest): Promise<Actor> => {
      if (request.url.startsWith(`${OIDC_PATH}/`)) return ANONYMOUS;
      const actor = await bySecret(request);
      const mandate = headerOf(request, 'sanjiang-mandate');
      const purpose = headerOf(request, 'sanjiang-purpose');
      if (mandate === undefined && purpose === undefined) return actor;
      if (purpose !== undefined && !PURPOSE.test(purpose))
        throw new Refusal('invalid', 'Sanjiang-Purpose is one word of the list of purposes.');
      const acting = mandate === undefined ? actor : await underMandate(actor, mandate);
      return purpose === undefined ? acting : { ...acting, purpose };
    },
    registerResolver: (resolve: Resolver): void => {
      resolvers.push(resolve);
    },
    forget: (hash: string): void => known.forget(hash),
    forgetAll: (): void => {
      known.forgetAll();
      mandates.forgetAll();
    },
  };
};
export type Identifier = ReturnType<typeof openIdentify>;
