import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type Actor, ANONYMOUS, SYSTEM } from '#kernel/actor';
import { Refusal } from '#kernel/errors';
import { hashSecret } from '#kernel/ids';
import type { Clock } from '#kernel/time';
import type { Resolver } from './index.ts';
import { mustBeSameOrigin } from './same-origin.ts';

export const SESSION_COOKIE = 'sj_session';

/** A revocation in another process counts from here at the latest. */
const KNOWN_MS_MAX = 1000;
const KNOWN_ACTORS_MAX = 10_000;

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
};

const BEARER = /^Bearer +(\S+) *$/i;

/** Who asks; see the port. `forget` makes this process see a revocation at once. */
export const openIdentify = (needs: Needs) => {
  const { clock, auth, publicUrl, bySession, byToken } = needs;
  const consoleHash = Buffer.from(hashSecret(needs.consoleSecret));
  const resolvers: Resolver[] = [];
  const known = new Map<string, { actor: Actor; at: number }>();

  const remembered = async (
    hash: string,
    find: () => Promise<Actor | undefined>,
  ): Promise<Actor | undefined> => {
    const now = clock.now().getTime();
    const before = known.get(hash);
    if (before && Math.abs(now - before.at) < KNOWN_MS_MAX) return before.actor;
    known.delete(hash);
    const actor = await find();
    if (known.size >= KNOWN_ACTORS_MAX) known.clear();
    if (actor) known.set(hash, { actor, at: now });
    return actor;
  };

  const byBearer = async (secret: string): Promise<Actor> => {
    const hash = hashSecret(secret);
    if (timingSafeEqual(Buffer.from(hash), consoleHash)) return CONSOLE;
    const actor = await remembered(hash, async () => {
      for (const find of [() => byToken(hash), ...resolvers.map((r) => () => r(secret))]) {
        const found = await find();
        if (found) return found;
      }
      return undefined;
    });
    if (actor) return actor;
    throw new Refusal('unauthenticated', 'This bearer secret is not valid, or not any more.');
  };

  return {
    identify: async (request: FastifyRequest): Promise<Actor> => {
      const bearer = BEARER.exec(request.headers.authorization ?? '')?.[1];
      if (bearer) return byBearer(bearer);
      const secret = request.cookies[SESSION_COOKIE];
      const hash = secret && hashSecret(secret);
      const person = hash ? await remembered(hash, () => bySession(hash)) : undefined;
      if (!person && auth === 'on') return ANONYMOUS;
      mustBeSameOrigin(request, publicUrl);
      return person ?? TRUSTED;
    },
    registerResolver: (resolve: Resolver): void => {
      resolvers.push(resolve);
    },
    forget: (hash: string): void => {
      known.delete(hash);
    },
    forgetAll: (): void => known.clear(),
  };
};
