import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '#kernel/actor';
import { Refusal } from '#kernel/errors';
import { hashSecret } from '#kernel/ids';
import type { Me } from '../contract.ts';
import { SESSION_COOKIE } from '../identify.ts';
import type { Needs } from '../needs.ts';
import type { Proven } from '../people/people.ts';
import { type Method, openSession, SESSION_SECONDS } from './sessions.ts';

/** The hash of the session that a request comes with, or of nothing. */
export const sessionHash = (request: FastifyRequest): string =>
  hashSecret(request.cookies[SESSION_COOKIE] ?? '');

/** The cookie that carries a session: never to scripts, never with another site's request. */
export const cookieFor = (request: FastifyRequest, publicUrl: string | undefined) =>
  ({
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: request.protocol === 'https' || (publicUrl?.startsWith('https:') ?? false),
  }) as const;

/** An actor as the API shows one. */
export const toMe = (
  { kind, id, name, roles, assurance, bodies, onBehalfOf, client, scopes }: Actor,
  auth: 'on' | 'off',
): Me => ({
  actor: {
    kind,
    id,
    name,
    roles: [...roles],
    ...(assurance && { assurance }),
    ...(bodies && { bodies: [...bodies] }),
    ...(onBehalfOf && { onBehalfOf }),
    ...(client !== undefined && { client }),
    ...(scopes && { scopes: [...scopes] }),
  },
  auth,
});

/** Opens a session for who was proven, sets its cookie and writes it down. Throws Refusal('unauthenticated'). */
export const welcome = async (
  { inOne, clock, config }: Pick<Needs, 'inOne' | 'clock' | 'config'>,
  request: FastifyRequest,
  reply: FastifyReply,
  { person, epoch, method, factors }: Proven & { method: Method; factors: 1 | 2 },
): Promise<Me> => {
  const secret = await inOne(async ({ db, note }) => {
    const opened = await openSession(
      db,
      {
        person: person.id,
        epoch,
        method,
        factors,
        userAgent: request.headers['user-agent'] ?? '',
        address: request.ip,
      },
      clock.now(),
    );
    if (opened === undefined) return undefined;
    const subject = { kind: 'person', id: person.id };
    await note({ actor: person, action: 'identity.sign-in', subject, after: { method, factors } });
    return opened;
  });
  if (secret === undefined)
    throw new Refusal('unauthenticated', 'The name or the password is wrong.');
  reply.setCookie(SESSION_COOKIE, secret, {
    ...cookieFor(request, config.publicUrl),
    maxAge: SESSION_SECONDS,
  });
  return toMe(person, config.auth);
};
