import type { App } from '#kernel/http';
import type { Oidc } from './provider.ts';

/** Calls of one address in a minute; a relying party in front of many people calls for all of them. */
const CALLS_A_MINUTE_MAX = 1200;

/** The provider's own paths (OpenID Connect Discovery 1.0 §4: /oidc/.well-known/openid-configuration). */
export const openDoor = (oidc: Oidc) => (app: App) => {
  // It reads its forms itself.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
  app.route({
    method: ['GET', 'POST', 'OPTIONS'],
    url: '/*',
    config: {
      action: 'identity.sign-in',
      rateLimit: { max: CALLS_A_MINUTE_MAX, timeWindow: 60_000 },
    },
    schema: { hide: true },
    handler: async (request, reply) => {
      reply.hijack();
      await oidc.hand(request.raw, reply.raw);
    },
  });
};
