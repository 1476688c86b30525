import type { IncomingMessage, ServerResponse } from 'node:http';
import { Provider } from 'oidc-provider';
import { hashSecret } from '#kernel/ids';
import type { Logger } from '#kernel/log';
import { timingSafeEqual } from 'node:crypto';
import { OIDC_PATH } from '../identify.ts';
import { configurationOf, type ProviderNeeds } from './configuration.ts';
import type { OwnKeys } from './keys.ts';

/** Other processes follow a rotation of keys within so long. */
const KEYS_LOOKED_AT_MS = 1000;
const PAGE_POLICY =
  "default-src 'none'; script-src 'none'; frame-ancestors 'none'; base-uri 'none'";

export type OidcNeeds = Omit<ProviderNeeds, 'resource' | 'secure'> & {
  readonly log: Logger;
  /** The address that people use, as it is when the first of them comes. */
  readonly origin: () => string;
  readonly loadKeys: () => Promise<OwnKeys>;
};

const build = (needs: OidcNeeds, keys: OwnKeys): Provider => {
  const origin = needs.origin();
  const secure = origin.startsWith('https:');
  const provider = new Provider(
    `${origin}${OIDC_PATH}`,
    configurationOf({ ...needs, resource: `${origin}/`, secure }, keys),
  );
  // What stands in the place of a client's secret is its hash, so that the secret is kept nowhere.
  provider.Client.prototype.compareClientSecret = function compare(
    this: { clientSecret?: string },
    actual: string,
  ) {
    const [kept, given] = [this.clientSecret ?? '', hashSecret(actual)].map((s) => Buffer.from(s));
    return kept!.length === given!.length && timingSafeEqual(kept!, given!);
  } as never;
  provider.proxy = true; // believes only what `hand` below writes
  provider.use(async (ctx, next) => {
    ctx.set({
      'content-security-policy': PAGE_POLICY,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    await next();
    // Our own pages send forms by script, and go where they are told: a redirect of a form may not leave us.
    const location = ctx.response.get('location');
    if (ctx.status === 303 && location && ctx.get('sanjiang-step') !== '') {
      ctx.status = 200;
      ctx.remove('location');
      ctx.body = { location };
    }
  });
  provider.on('server_error', (_ctx, error) => needs.log.error({ err: error }, 'provider failed'));
  return provider;
};

/** The provider of OpenID Connect with the keys of this moment; a new one takes over when they change. */
export const openOidc = (needs: OidcNeeds) => {
  let current: { provider: Provider; mark: string; at: number } | undefined;
  let loading: Promise<Provider> | undefined;

  const load = async (): Promise<Provider> => {
    const keys = await needs.loadKeys();
    const mark = `${needs.origin()} ${keys.mark}`;
    const provider = current?.mark === mark ? current.provider : build(needs, keys);
    current = { provider, mark, at: performance.now() };
    return provider;
  };
  const provider = async (): Promise<Provider> => {
    if (current && performance.now() - current.at < KEYS_LOOKED_AT_MS) return current.provider;
    return (loading ??= load().finally(() => (loading = undefined)));
  };

  return {
    provider,
    /** After a rotation in this process. */
    reload: async (): Promise<void> => {
      current = undefined;
      await provider();
    },
    resource: (): string => `${needs.origin()}/`,
    /** Passes a request on, as coming from the one address that people use, whatever its headers say. */
    hand: async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
      const own = new URL(needs.origin());
      req.headers.host = own.host;
      req.headers['x-forwarded-proto'] = own.protocol.slice(0, -1);
      for (const name of ['x-forwarded-host', 'x-forwarded-for', 'forwarded'])
        delete req.headers[name];
      Object.assign(req, { originalUrl: req.url });
      req.url = (req.url ?? '').slice(OIDC_PATH.length) || '/';
      await (await provider()).callback()(req, res);
    },
  };
};
export type Oidc = ReturnType<typeof openOidc>;
