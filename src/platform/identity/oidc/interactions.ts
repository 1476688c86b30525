import type { FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { errors } from 'oidc-provider';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import type { Needs } from '../needs.ts';
import { sessionHash } from '../sign-in/cookie.ts';
import { CLAIM_SCOPES, toAcr } from './configuration.ts';
import { Answer, GoOn, SignInRequest, Uid } from './contract.ts';
import type { Oidc } from './provider.ts';

const TAGS = ['identity'];
const AMR: Readonly<Record<string, readonly string[]>> = {
  password: ['pwd'],
  'password+code': ['pwd', 'otp', 'mfa'],
  passkey: ['swk', 'user', 'mfa'],
  provider: ['fed'],
  demonstration: ['demo'],
  recovery: ['otp'],
};

type Details = Awaited<ReturnType<Awaited<ReturnType<Oidc['provider']>>['interactionDetails']>>;
type Session = { created_at: string; method: string };

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Whether the session is as young as the application asks (OpenID Connect Core 1.0 §3.1.2.1: prompt, max_age). */
const isFresh = (details: Details, session: Session, now: Date): boolean => {
  const began = Math.floor(Date.parse(session.created_at) / 1000);
  const { prompt, max_age: maxAge } = details.params;
  const again = textOf(prompt).split(' ').includes('login');
  if (again && began <= details.iat) return false;
  return maxAge === undefined || now.getTime() / 1000 - began <= Math.max(Number(maxAge), 1);
};

/** What an application asks for that the person has not let it yet. */
const askedFor = ({ prompt }: Details) => {
  const { missingOIDCScope = [], missingResourceScopes = {} } = prompt.details as {
    missingOIDCScope?: string[];
    missingResourceScopes?: Record<string, string[]>;
  };
  return { claims: missingOIDCScope, resources: missingResourceScopes };
};

/** The pages' side of a sign-in that an application asked for: who it is, and whether they let it. */
export const addInteractionRoutes = (app: App, { db, inOne, clock }: Needs, oidc: Oidc) => {
  const detailsOf = async (request: FastifyRequest, reply: FastifyReply): Promise<Details> => {
    const provider = await oidc.provider();
    try {
      return await provider.interactionDetails(request.raw, reply.raw);
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error;
      throw new Refusal('not-found', 'This sign-in is over. Begin again at the application.');
    }
  };
  const clientOf = async (details: Details) => {
    const provider = await oidc.provider();
    const client = await provider.Client.find(String(details.params['client_id']));
    if (!client) throw new Refusal('not-found', 'This application is registered no more.');
    return client;
  };
  const sessionOf = async (request: FastifyRequest) => {
    const { rows } = await sql<Session>`
      select created_at, method from identity.sessions where secret_hash = ${sessionHash(request)}`.execute(
      db,
    );
    return rows[0];
  };

  /** Writes the consent down and answers where to go on. */
  const consent = async (request: FastifyRequest, reply: FastifyReply, details: Details) => {
    const provider = await oidc.provider();
    const { claims, resources } = askedFor(details);
    const accountId = request.actor.id;
    const clientId = String(details.params['client_id']);
    const grant =
      (details.grantId === undefined ? undefined : await provider.Grant.find(details.grantId)) ??
      new provider.Grant({ accountId, clientId });
    grant.addOIDCScope(claims.join(' '));
    for (const [resource, scopes] of Object.entries(resources))
      grant.addResourceScope(resource, scopes.join(' '));
    const grantId = await grant.save();
    await inOne(({ note }) =>
      note({
        actor: request.actor,
        action: 'identity.consent',
        subject: { kind: 'application', id: clientId },
        after: { claims, resources },
      }),
    );
    return provider.interactionResult(request.raw, reply.raw, { consent: { grantId } });
  };

  const open = { action: 'identity.sign-in' };

  app.get(
    '/interactions/:uid',
    { config: open, schema: { tags: TAGS, params: Uid, hide: true } },
    async (request, reply) => {
      const { actor } = request;
      const details = await detailsOf(request, reply);
      const here = `/api/identity/interactions/${request.params.uid}`;
      const session = actor.kind === 'person' ? await sessionOf(request) : undefined;
      if (details.prompt.name === 'login') {
        if (!session || !isFresh(details, session, clock.now())) {
          const again = session ? '&again=yes' : '';
          return reply.redirect(`/sign-in?after=${encodeURIComponent(here)}${again}`, 303);
        }
        const provider = await oidc.provider();
        const location = await provider.interactionResult(request.raw, reply.raw, {
          login: {
            accountId: actor.id,
            acr: toAcr(actor.assurance ?? 'anonymous'),
            amr: [...(AMR[session.method] ?? [])],
            ts: Math.floor(Date.parse(session.created_at) / 1000),
          },
        });
        return reply.redirect(location, 303);
      }
      if (actor.id !== details.session?.accountId)
        return reply.redirect(`/sign-in?after=${encodeURIComponent(here)}`, 303);
      const client = await clientOf(details);
      if (client.metadata()['city_trusted'])
        return reply.redirect(await consent(request, reply, details), 303);
      return reply.redirect(`/consent?request=${request.params.uid}`, 303);
    },
  );

  app.get(
    '/interactions/:uid/request',
    { config: open, schema: { tags: TAGS, params: Uid, response: { 200: SignInRequest } } },
    async (request, reply) => {
      const details = await detailsOf(request, reply);
      const client = await clientOf(details);
      const { claims, resources } = askedFor(details);
      const to = textOf(details.params['redirect_uri']);
      const name = client.clientName ?? client.clientId;
      return {
        prompt: details.prompt.name === 'consent' ? ('consent' as const) : ('login' as const),
        application: {
          id: client.clientId,
          name: { zh: textOf(client.metadata()['name_zh']) || name, en: name },
        },
        returnsTo: URL.canParse(to) ? new URL(to).host || new URL(to).protocol : null,
        person: request.actor.kind === 'person' ? request.actor.name : null,
        claims: claims.filter(
          (scope) => scope !== 'offline_access' && CLAIM_SCOPES.includes(scope as never),
        ),
        scopes: Object.values(resources).flat(),
        offline: claims.includes('offline_access'),
      };
    },
  );

  app.post(
    '/interactions/:uid/answers',
    { config: open, schema: { tags: TAGS, params: Uid, body: Answer, response: { 200: GoOn } } },
    async (request, reply) => {
      const details = await detailsOf(request, reply);
      if (details.prompt.name !== 'consent' || request.actor.kind !== 'person')
        throw new Refusal('conflict', 'Sign in first.');
      if (request.actor.id !== details.session?.accountId)
        throw new Refusal('conflict', 'Somebody else signed in meanwhile. Begin again.');
      if (request.body.consent) return { location: await consent(request, reply, details) };
      const provider = await oidc.provider();
      const error = { error: 'access_denied', error_description: 'The person said no.' };
      return { location: await provider.interactionResult(request.raw, reply.raw, error) };
    },
  );
};
