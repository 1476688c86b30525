import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testEngines } from '#kernel/database';
import { type HouseOfPeople, openHouseOfPeople, PASSWORD } from '../../../../test/people.ts';
import { openVisitor, type Visitor } from '../../../../test/visitor.ts';
import auditModule from '../../audit/module.ts';
import registersModule from '../../registers/module.ts';
import identityModule from '../module.ts';

const BACK = 'https://hospital.example/back';
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
type Made = { id: string; secret: string };

describe.each(testEngines)('what the provider refuses on %s', (engine) => {
  const folder = mkdtempSync(join(tmpdir(), 'sanjiang-refuse-'));
  let city: HouseOfPeople;
  let origin: string;
  let visitor: Visitor;
  let web: Made;
  let other: Made;
  let phone: Made;
  let keyed: Made;
  let service: Made;
  let privateKey: CryptoKey;
  let publicJwk: JWK;

  beforeAll(async () => {
    city = await openHouseOfPeople({
      modules: [identityModule, registersModule, auditModule],
      engine,
      env: { DATA_DIR: folder },
    });
    origin = await city.house.listen();
    visitor = openVisitor(origin);
    await city.add({ chief: ['administrator'], lin: [] });
    const keys = await generateKeyPair('ES256', { extractable: true });
    privateKey = keys.privateKey;
    publicJwk = { ...(await exportJWK(keys.publicKey)), use: 'sig', alg: 'ES256', kid: 'k1' };
    const base = { name: { zh: '应用', en: 'App' }, redirects: [BACK], logouts: [], roles: [] };
    const register = async (more: object): Promise<Made> =>
      (
        await city.call('chief', 'POST', 'applications', {
          ...base,
          kind: 'web',
          scopes: ['identity'],
          trusted: true,
          ...more,
        })
      ).body;
    web = await register({});
    other = await register({});
    phone = await register({
      kind: 'public',
      redirects: ['city.sanjiang.app:/back', 'http://127.0.0.1/back'],
    });
    keyed = await register({ kind: 'service', redirects: [], jwks: { keys: [publicJwk] } });
    service = await register({ kind: 'service', redirects: [] });
    await visitor.json('/api/identity/sessions', 'POST', { name: 'lin', password: PASSWORD });
  });
  afterAll(async () => {
    await city?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const VERIFIER = 'a'.repeat(43);
  const challenge = () => client.calculatePKCECodeChallenge(VERIFIER);
  const authorize = async (params: Record<string, string | undefined>) => {
    const all: Record<string, string | undefined> = {
      client_id: web.id,
      response_type: 'code',
      redirect_uri: BACK,
      scope: 'openid',
      code_challenge: await challenge(),
      code_challenge_method: 'S256',
      ...params,
    };
    const given = Object.entries(all).filter((e): e is [string, string] => e[1] !== null);
    return visitor.go(`/oidc/auth?${new URLSearchParams(given)}`);
  };
  /** What was refused: at the address of the application, or on our own page where that is not to be trusted. */
  const refusal = async (params: Record<string, string | undefined>) => {
    const { url } = await authorize(params);
    const own = url.pathname === '/sign-in-problem';
    const inHash = new URLSearchParams(url.hash.slice(1));
    const facts = own || inHash.has('error') ? inHash : url.searchParams;
    return `${own ? 'here' : 'there'} ${facts.get('error')}`;
  };
  const codeFor = async (params: Record<string, string> = {}) =>
    (await authorize(params)).url.searchParams.get('code')!;
  const basic = ({ id, secret }: Made) =>
    `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;
  const token = async (fields: Record<string, string>, who: Made | null = web) => {
    const answer = await fetch(`${origin}/oidc/token`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(who && { authorization: basic(who) }),
      },
      body: new URLSearchParams(fields),
    });
    const body = (await answer.json()) as Record<string, string>;
    return { status: answer.status, error: body['error'], ...body };
  };
  const redeem = (code: string, more: Record<string, string> = {}, who: Made | null = web) =>
    token(
      {
        grant_type: 'authorization_code',
        code,
        redirect_uri: BACK,
        code_verifier: VERIFIER,
        ...more,
      },
      who,
    );

  describe('at the authorization endpoint', () => {
    test('what is right is not refused', async () =>
      expect(await codeFor()).toMatch(/^[\w-]{40,}$/));
    test.each<[string, string, Record<string, string | undefined>]>([
      ['an application that nobody registered', 'here invalid_client', { client_id: 'nobody' }],
      [
        'an address that was not registered',
        'here invalid_redirect_uri',
        { redirect_uri: 'https://thief.example/back' },
      ],
      [
        'an address that only begins like the registered one',
        'here invalid_redirect_uri',
        { redirect_uri: `${BACK}/../x` },
      ],
      [
        'a registered address with a query added',
        'here invalid_redirect_uri',
        { redirect_uri: `${BACK}?x=1` },
      ],
      [
        'the same address over http',
        'here invalid_redirect_uri',
        { redirect_uri: BACK.replace('https', 'http') },
      ],
      [
        'no PKCE',
        'there invalid_request',
        { code_challenge: undefined, code_challenge_method: undefined },
      ],
      [
        'plain PKCE',
        'there invalid_request',
        { code_challenge: VERIFIER, code_challenge_method: 'plain' },
      ],
      [
        'PKCE without its method, which would be plain',
        'there invalid_request',
        { code_challenge_method: undefined },
      ],
      ['a challenge too short to be one', 'there invalid_request', { code_challenge: 'short' }],
      [
        'the implicit flow',
        'there unsupported_response_type',
        { response_type: 'id_token token', nonce: 'n' },
      ],
      [
        'the hybrid flow',
        'there unsupported_response_type',
        { response_type: 'code id_token', nonce: 'n' },
      ],
      ['a request object', 'there request_not_supported', { request: 'e30.e30.' }],
      [
        'a request object elsewhere',
        'there request_uri_not_supported',
        { request_uri: 'https://thief.example/x' },
      ],
      [
        'a resource that is not this house',
        'there invalid_target',
        { resource: 'https://thief.example/' },
      ],
      ['a service that wants a person', 'here invalid_redirect_uri', { client_id: 'SERVICE' }],
      ['no interaction with consent at once', 'there invalid_request', { prompt: 'none consent' }],
      ['a hint that nobody signed', 'there invalid_request', { id_token_hint: 'e30.e30.x' }],
      ['a negative age of the session', 'there invalid_request', { max_age: '-1' }],
    ])('%s', async (_name, expected, params) => {
      const id = params['client_id'] === 'SERVICE' ? service.id : params['client_id'];
      expect(await refusal({ ...params, ...(id !== undefined && { client_id: id }) })).toBe(
        expected,
      );
    });
    test('the same parameter twice', async () => {
      const { url } = await visitor.go(
        `/oidc/auth?client_id=${web.id}&response_type=code&scope=openid&scope=profile&redirect_uri=${encodeURIComponent(BACK)}`,
      );
      expect(`${url.searchParams.get('error') ?? url.hash}`).toContain('invalid_request');
    });
  });

  describe('at the token endpoint', () => {
    test('a code that comes twice; and what the first brought ends', async () => {
      const code = await codeFor({ scope: 'openid identity' });
      const first = (await redeem(code)) as unknown as { access_token: string };
      expect((await redeem(code)).error).toBe('invalid_grant');
      const me = await fetch(`${origin}/api/identity/me`, {
        headers: { authorization: `Bearer ${first.access_token}` },
      });
      expect(me.status).toBe(401);
    });
    test('a code that comes twice at once brings one answer at most', async () => {
      const code = await codeFor();
      const answers = await Promise.all([redeem(code), redeem(code), redeem(code)]);
      expect(answers.filter((a) => a.status === 200).length).toBeLessThanOrEqual(1);
      expect((await redeem(code)).status).toBe(400);
    });
    test('a code of another application', async () => {
      expect((await redeem(await codeFor(), {}, other)).error).toBe('invalid_grant');
    });
    test('a code with another address to return to', async () => {
      expect((await redeem(await codeFor(), { redirect_uri: `${BACK}x` })).error).toBe(
        'invalid_grant',
      );
    });
    test('a code without its verifier', async () => {
      expect((await redeem(await codeFor(), { code_verifier: '' })).error).toBe('invalid_grant');
    });
    test('a code with another verifier', async () => {
      expect((await redeem(await codeFor(), { code_verifier: 'b'.repeat(43) })).error).toBe(
        'invalid_grant',
      );
    });
    test('a code whose minute is over', async () => {
      const code = await codeFor();
      await city.house.database.query(
        "update identity.oidc_artifacts set payload = jsonb_set(payload, '{exp}', '1') where model = 'AuthorizationCode'",
      );
      expect((await redeem(code)).error).toBe('invalid_grant');
    });
    test('a code that nobody gave', async () => {
      expect((await redeem('made-up')).error).toBe('invalid_grant');
    });
    test('a wrong secret', async () => {
      const wrong = { ...web, secret: `${web.secret}x` };
      expect((await redeem(await codeFor(), {}, wrong)).error).toBe('invalid_client');
    });
    test('the hash of the secret in its place', async () => {
      const [row] = await city.house.database.query<{ secret_hash: string }>(
        'select secret_hash from identity.clients where id = $1',
        [web.id],
      );
      const thief = { ...web, secret: row!.secret_hash };
      expect((await redeem(await codeFor(), {}, thief)).error).toBe('invalid_client');
    });
    test('no secret at all', async () => {
      expect((await redeem(await codeFor(), { client_id: web.id }, null)).error).toBe(
        'invalid_client',
      );
    });
    test('a secret in the form, where the header was agreed', async () => {
      const fields = { client_id: web.id, client_secret: web.secret };
      expect((await redeem(await codeFor(), fields, null)).error).toBe('invalid_client');
    });
    test('a password of a person, as OAuth 2.0 once had it', async () => {
      const fields = { grant_type: 'password', username: 'lin', password: PASSWORD };
      expect((await token(fields)).error).toBe('unsupported_grant_type');
    });
    test('a grant that was not registered', async () => {
      expect((await token({ grant_type: 'client_credentials' })).error).toBe('invalid_request');
    });
    test('scopes that a service did not register are not given', async () => {
      const answer = await token(
        { grant_type: 'client_credentials', scope: 'policy identity' },
        service,
      );
      expect(answer).toMatchObject({ status: 200, scope: 'identity' });
    });
    test('a resource that is not this house', async () => {
      const fields = {
        grant_type: 'client_credentials',
        scope: 'identity',
        resource: 'https://thief.example/',
      };
      expect((await token(fields, service)).error).toBe('invalid_target');
    });
    test('a refresh token of another application', async () => {
      const code = await codeFor({ scope: 'openid offline_access', prompt: 'consent' });
      const { refresh_token } = (await redeem(code)) as unknown as { refresh_token: string };
      const fields = { grant_type: 'refresh_token', refresh_token };
      expect((await token(fields, other)).error).toBe('invalid_grant');
    });
    test('more scope at a refresh than was granted', async () => {
      const code = await codeFor({ scope: 'openid offline_access', prompt: 'consent' });
      const { refresh_token } = (await redeem(code)) as unknown as { refresh_token: string };
      const fields = { grant_type: 'refresh_token', refresh_token, scope: 'openid profile' };
      expect((await token(fields)).error).toBe('invalid_scope');
    });
  });

  describe('of a signed assertion (RFC 7523)', () => {
    type Claims = { iss?: string; sub?: string; aud?: string; exp?: string | number; jti?: string };
    const assertion = (
      claims: Claims = {},
      header: object = {},
      key: CryptoKey | Uint8Array = privateKey,
    ) =>
      new SignJWT({ jti: claims.jti ?? crypto.randomUUID() })
        .setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header })
        .setIssuer(claims.iss ?? keyed.id)
        .setSubject(claims.sub ?? keyed.id)
        .setAudience(claims.aud ?? `${origin}/oidc`)
        .setIssuedAt()
        .setExpirationTime(claims.exp ?? '1m')
        .sign(key);
    const present = (client_assertion: string) =>
      token(
        {
          grant_type: 'client_credentials',
          scope: 'identity',
          client_assertion_type: JWT_BEARER,
          client_assertion,
        },
        null,
      );
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

    test('what is right is not refused', async () => {
      expect((await present(await assertion())).status).toBe(200);
    });
    test('one that comes twice', async () => {
      const once = await assertion({ jti: 'once' });
      expect((await present(once)).status).toBe(200);
      expect((await present(once)).error).toBe('invalid_client');
    });
    test('one for somebody else', async () => {
      expect((await present(await assertion({ aud: 'https://thief.example' }))).error).toBe(
        'invalid_client',
      );
    });
    test('one by somebody else', async () => {
      expect((await present(await assertion({ iss: web.id }))).error).toBe('invalid_client');
    });
    test('one whose subject is another application', async () => {
      expect((await present(await assertion({ sub: web.id }))).error).toBe('invalid_client');
    });
    test('one that is over', async () => {
      const past = Math.floor(Date.now() / 1000) - 60;
      expect((await present(await assertion({ exp: past }))).error).toBe('invalid_client');
    });
    test('one that nobody signed (alg none)', async () => {
      const now = Math.floor(Date.now() / 1000);
      const claims = {
        iss: keyed.id,
        sub: keyed.id,
        aud: `${origin}/oidc`,
        jti: 'n',
        iat: now,
        exp: now + 60,
      };
      expect((await present(`${part({ alg: 'none' })}.${part(claims)}.`)).error).toBe(
        'invalid_client',
      );
    });
    test('one signed with the public key as if it were a secret (HS256)', async () => {
      const secret = new TextEncoder().encode(JSON.stringify(publicJwk));
      const forged = await assertion({}, { alg: 'HS256' }, secret);
      expect((await present(forged)).error).toBe('invalid_client');
    });
    test('one signed by a key that was not registered', async () => {
      const { privateKey: foreign } = await generateKeyPair('ES256');
      expect((await present(await assertion({}, {}, foreign))).error).toBe('invalid_client');
    });
    test('one whose claims were changed after the signature', async () => {
      const [header, , signature] = (await assertion()).split('.');
      const now = Math.floor(Date.now() / 1000);
      const claims = {
        iss: keyed.id,
        sub: keyed.id,
        aud: `${origin}/oidc`,
        jti: 'c',
        iat: now,
        exp: now + 600,
      };
      expect((await present(`${header}.${part(claims)}.${signature}`)).error).toBe(
        'invalid_client',
      );
    });
    test('one in place of the secret that was agreed', async () => {
      const asWeb = await assertion({ iss: web.id, sub: web.id });
      expect((await present(asWeb)).error).toBe('invalid_client');
    });
  });

  describe('elsewhere', () => {
    test('an identity token is no access token', async () => {
      const { id_token } = (await redeem(await codeFor())) as unknown as { id_token: string };
      for (const path of ['/oidc/me', '/api/identity/me']) {
        const answer = await fetch(origin + path, {
          headers: { authorization: `Bearer ${id_token}` },
        });
        expect(answer.status, path).toBe(401);
      }
    });
    test('an access token in the address', async () => {
      const { access_token } = (await redeem(await codeFor())) as unknown as {
        access_token: string;
      };
      const answer = await fetch(`${origin}/oidc/me?access_token=${access_token}`);
      expect(answer.status).toBe(400);
    });
    test('an application does not see into the tokens of another', async () => {
      const { access_token } = (await redeem(await codeFor())) as unknown as {
        access_token: string;
      };
      const answer = await fetch(`${origin}/oidc/token/introspection`, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: basic(other),
        },
        body: new URLSearchParams({ token: access_token }),
      });
      expect(await answer.json()).toEqual({ active: false });
    });
    test('signing out with somebody else’s address to return to', async () => {
      const { id_token } = (await redeem(await codeFor())) as unknown as { id_token: string };
      const query = new URLSearchParams({
        id_token_hint: id_token,
        post_logout_redirect_uri: 'https://thief.example',
      });
      const seen = await visitor.go(`/oidc/session/end?${query}`);
      expect(seen.url.pathname).toBe('/sign-in-problem');
    });
    test('signing out by a page that is not ours', async () => {
      const answer = await visitor.form('/oidc/session/end/confirm', {
        xsrf: 'guessed',
        logout: 'yes',
      });
      const { location } = (await answer.json()) as { location: string };
      expect(location).toMatch(/^\/sign-in-problem#error=invalid_request/);
      expect((await visitor.json('/api/identity/me')).body).toMatchObject({ actor: { id: 'lin' } });
    });
    test('another’s answer to a sign-in that is not theirs', async () => {
      await visitor.json(`/api/identity/sessions/current`, 'DELETE');
      const { url } = await authorize({
        client_id: phone.id,
        redirect_uri: 'http://127.0.0.1:5000/back',
      });
      const uid = url.searchParams.get('after')!.split('/').at(-1)!;
      const stranger = openVisitor(origin);
      await stranger.json('/api/identity/sessions', 'POST', { name: 'lin', password: PASSWORD });
      expect((await stranger.json(`/api/identity/interactions/${uid}/request`)).status).toBe(404);
      const answer = await stranger.json(`/api/identity/interactions/${uid}/answers`, 'POST', {
        consent: true,
      });
      expect(answer.status).toBe(404);
      await visitor.json('/api/identity/sessions', 'POST', { name: 'lin', password: PASSWORD });
    });
    test('the name of another host in the request changes no address', async () => {
      const answer = await fetch(`${origin}/oidc/.well-known/openid-configuration`, {
        headers: { 'x-forwarded-host': 'thief.example', 'x-forwarded-proto': 'https' },
      });
      expect(JSON.stringify(await answer.json())).not.toContain('thief.example');
    });
    test.each([
      ['an address that is not safe', { redirects: ['http://hospital.example/back'] }],
      ['an address with a fragment', { redirects: [`${BACK}#x`] }],
      ['an address with a password', { redirects: ['https://a:b@hospital.example/'] }],
      ['a script for an address', { redirects: ['javascript:alert(1)'] }],
      ['a program at the person’s with a key', { kind: 'public', jwks: { keys: [{ kty: 'EC' }] } }],
      ['a private key for registration', { jwks: { keys: [{ kty: 'EC', d: 'x' }] } }],
      ['a secret for a key', { jwks: { keys: [{ kty: 'oct', k: 'x' }] } }],
      ['an application for people with roles of its own', { roles: ['operator'] }],
    ])('registration: %s', async (_name, more) => {
      const asked = {
        name: { zh: '甲', en: 'A' },
        kind: 'web',
        redirects: [BACK],
        logouts: [],
        scopes: [],
        roles: [],
        ...more,
      };
      expect((await city.call('chief', 'POST', 'applications', asked)).status).toBe(400);
    });
  });
});
