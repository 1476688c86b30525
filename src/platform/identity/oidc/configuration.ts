import {
  type Client,
  type Configuration,
  type KoaContextWithOIDC,
  errors,
  interactionPolicy,
} from 'oidc-provider';
import { type Actor, narrowScopes } from '#kernel/actor';
import type { Clock } from '#kernel/time';
import type { Db } from '../people/terms.ts';
import { openAdapter } from './adapter.ts';
import { findStandingGrant } from './consents.ts';
import type { OwnKeys } from './keys.ts';
import { deviceDone, deviceForm, signedOut, signOutForm, somethingWrong } from './screens.ts';

const MINUTE = 60;
const DAY = 86_400;
/** What is known of a person, in the order of what it takes to know it: the values of `acr`. */
const ASSURANCES = ['anonymous', 'contact', 'real-name', 'staff'] as const;
export const toAcr = (assurance: string): string => `urn:sanjiang:assurance:${assurance}`;

/** Scopes that say what an application learns of the person; all others are what it may do here. */
export const CLAIM_SCOPES = ['openid', 'profile', 'bodies', 'offline_access'] as const;

/** Asymmetric ones only: nothing that a client could forge with its own secret, and never `none`. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256'] as const;

export type ProviderNeeds = {
  readonly db: Db;
  readonly clock: Clock;
  /** Our own interface as a resource (RFC 8707): what its access tokens are for. */
  readonly resource: string;
  readonly secure: boolean;
  readonly findPerson: (id: string, factors: number) => Promise<Actor | undefined>;
  /** The person of the house's own session that a request comes with. */
  readonly findSignedIn: (ctx: KoaContextWithOIDC) => Promise<Actor | undefined>;
};

/** What an application registered, and what it asks for within that: of a module one action. */
const withinRegistered = ({ oidc }: KoaContextWithOIDC, client: Client): readonly string[] => {
  const registered = (client.metadata()['city_scopes'] ?? []) as readonly string[];
  const { AuthorizationCode, RefreshToken, DeviceCode } = oidc.entities;
  const stored = (AuthorizationCode ?? RefreshToken ?? DeviceCode)?.scope ?? '';
  const asked = `${String(oidc.params?.['scope'] ?? '')} ${stored}`.split(' ').filter(Boolean);
  return [...new Set([...registered, ...(narrowScopes(asked, registered) ?? [])])];
};

/** With how many factors the person signed in who stands behind a request (RFC 8176: `mfa`). */
const factorsOf = ({ oidc }: KoaContextWithOIDC): number => {
  const { AuthorizationCode, RefreshToken, DeviceCode, AccessToken } = oidc.entities;
  const amr = (AuthorizationCode ?? RefreshToken ?? DeviceCode)?.amr ?? oidc.session?.amr;
  return amr ? (amr.includes('mfa') ? 2 : 1) : Number(AccessToken?.extra?.['factors'] ?? 1);
};

const claimsOf = (person: Actor): { sub: string; [claim: string]: unknown } => ({
  sub: person.id,
  name: person.name,
  acr: toAcr(person.assurance ?? 'anonymous'),
  assurance: person.assurance ?? 'anonymous',
  bodies: person.bodies ?? [],
});

/** Who signed out of the house is not signed in here either, though the provider's own session goes on. */
const housePolicy = ({ findSignedIn }: ProviderNeeds) => {
  const policy = interactionPolicy.base();
  policy.get('login')?.checks.add(
    new interactionPolicy.Check(
      'house_session',
      'End-User authentication is required',
      'login_required',
      async (ctx) => {
        const here = await findSignedIn(ctx);
        return here === undefined || here.id !== ctx.oidc.session?.accountId;
      },
    ),
  );
  return policy;
};

/** The provider as this house wants it: OAuth 2.1 with OpenID Connect Core 1.0, nothing of what those have given up. */
export const configurationOf = (needs: ProviderNeeds, keys: OwnKeys): Configuration => {
  const { db, clock, resource, secure, findPerson } = needs;
  const cookie = { httpOnly: true, sameSite: 'lax', secure, signed: true } as const;
  return {
    adapter: openAdapter(db, clock),
    jwks: { keys: keys.signing as never },
    cookies: {
      keys: [...keys.cookies],
      names: { session: 'sj_oidc', interaction: 'sj_oidc_step', resume: 'sj_oidc_resume' },
      long: { ...cookie, path: '/oidc' },
      short: cookie,
    },
    acrValues: ASSURANCES.map(toAcr),
    scopes: [...CLAIM_SCOPES],
    claims: {
      openid: ['sub', 'acr'],
      profile: ['name', 'assurance'],
      bodies: ['bodies'],
      auth_time: null,
      iss: null,
      sid: null,
    },
    conformIdTokenClaims: false, // few clients ask for them separately
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'private_key_jwt', 'none'],
    enabledJWA: {
      clientAuthSigningAlgValues: [...ALGORITHMS],
      idTokenSigningAlgValues: ['RS256', 'ES256'],
      userinfoSigningAlgValues: ['RS256', 'ES256'],
    },
    pkce: { required: () => true }, // RFC 9700 §2.1.1, S256 only
    rotateRefreshToken: true, // RFC 9700 §4.14.2: one that comes twice ends its family
    issueRefreshToken: async (_ctx, client, code) =>
      client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
    expiresWithSession: async (_ctx, code) => !code.scopes.has('offline_access'),
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: signOutForm,
        postLogoutSuccessSource: signedOut,
      },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: deviceForm,
        userCodeConfirmSource: deviceForm,
        successSource: deviceDone,
      },
      resourceIndicators: {
        enabled: true,
        // Who asks for more than claims means this house; there is no other resource (RFC 8707 §2).
        defaultResource: async (ctx, _client, oneOf) => {
          if (oneOf) return oneOf;
          const scopes = String(ctx.oidc.params?.['scope'] ?? '').split(' ');
          const acts = scopes.some((s) => s !== '' && !CLAIM_SCOPES.includes(s as never));
          return acts ? resource : (undefined as never);
        },
        useGrantedResource: async () => true,
        getResourceServerInfo: async (ctx, indicator, client) => {
          if (indicator !== resource) throw new errors.InvalidTarget();
          const scopes = withinRegistered(ctx, client);
          return {
            scope: scopes.join(' '),
            audience: resource,
            accessTokenFormat: 'opaque',
            accessTokenTTL: 10 * MINUTE,
          };
        },
      },
    },
    ttl: {
      AccessToken: 10 * MINUTE,
      AuthorizationCode: MINUTE,
      ClientCredentials: 10 * MINUTE,
      DeviceCode: 10 * MINUTE,
      Grant: 365 * DAY,
      IdToken: 60 * MINUTE,
      Interaction: 15 * MINUTE,
      RefreshToken: 30 * DAY,
      Session: 12 * 60 * MINUTE,
    },
    extraClientMetadata: { properties: ['name_zh', 'city_scopes', 'city_trusted'] },
    extraTokenClaims: async (ctx) => ({ factors: factorsOf(ctx) }),
    findAccount: async (ctx, id) => {
      const person = await findPerson(id, factorsOf(ctx));
      return person && { accountId: id, claims: async () => claimsOf(person) };
    },
    loadExistingGrant: async (ctx) => {
      const { client, session, result } = ctx.oidc;
      const id =
        result?.consent?.grantId ??
        (client && session?.accountId
          ? (session.grantIdFor(client.clientId) ??
            (await findStandingGrant(db, session.accountId, client, clock.now())))
          : undefined);
      return id === undefined ? undefined : ctx.oidc.provider.Grant.find(id);
    },
    // A browser asks from the pages of a client that keeps no secret, from where it said it is (CORS by client).
    clientBasedCORS: (_ctx, origin, client) =>
      client.clientAuthMethod === 'none' &&
      (client.redirectUris ?? []).some(
        (uri) => URL.canParse(uri) && new URL(uri).origin === origin,
      ),
    interactions: {
      policy: housePolicy(needs),
      url: async (_ctx, { uid }) => `/api/identity/interactions/${uid}`,
    },
    renderError: somethingWrong,
    // No client has addresses for us to call: keys come with its registration.
    fetch: async () => {
      throw new errors.InvalidClientMetadata('nothing is fetched for clients');
    },
  };
};
