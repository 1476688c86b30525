import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testEngines } from '#kernel/database';
import { type HouseOfPeople, openHouseOfPeople, PASSWORD } from '../../../../test/people.ts';
import { openVisitor, type Visitor } from '../../../../test/visitor.ts';
import auditModule from '../../audit/module.ts';
import registersModule from '../../registers/module.ts';
import identityModule from '../module.ts';

const BACK = 'https://hospital.example/back';
const BYE = 'https://hospital.example/bye';
const insecure = { execute: [client.allowInsecureRequests] };

describe.each(testEngines)('the provider of OpenID Connect on %s', (engine) => {
  const folder = mkdtempSync(join(tmpdir(), 'sanjiang-oidc-'));
  let city: HouseOfPeople;
  let origin: string;
  let visitor: Visitor;
  const call = (...args: Parameters<HouseOfPeople['call']>) => city.call(...args);

  beforeAll(async () => {
    city = await openHouseOfPeople({
      modules: [identityModule, registersModule, auditModule],
      engine,
      env: { DATA_DIR: folder },
    });
    origin = await city.house.listen();
    visitor = openVisitor(origin);
    await city.add({ chief: ['administrator'], lin: ['developer'], mei: [] });
  });
  afterAll(async () => {
    await city?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  type Made = { id: string; secret: string };
  const register = async (more: object, who = 'chief'): Promise<Made> => {
    const asked = {
      name: { zh: '示范医院', en: 'Hospital' },
      kind: 'web',
      redirects: [BACK],
      logouts: [BYE],
      scopes: ['identity.see-oneself'],
      roles: [],
      ...more,
    };
    const made = await call(who, 'POST', 'applications', asked);
    expect(made.status).toBe(201);
    return made.body;
  };
  const party = ({ id, secret }: Made) =>
    client.discovery(
      new URL(`${origin}/oidc`),
      id,
      undefined,
      secret ? client.ClientSecretBasic(secret) : client.None(),
      insecure,
    );
  const signIn = (name: string) =>
    visitor.json('/api/identity/sessions', 'POST', { name, password: PASSWORD });

  /** To the application and back, with a consent where one is asked for. */
  const visit = async (
    config: client.Configuration,
    scope: string,
    more: Record<string, string> = {},
  ) => {
    const verifier = client.randomPKCECodeVerifier();
    const state = client.randomState();
    const nonce = client.randomNonce();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: BACK,
      scope,
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...more,
    });
    let seen = await visitor.go(url);
    if (seen.url.pathname === '/sign-in') {
      await signIn('lin');
      seen = await visitor.go(seen.url.searchParams.get('after')!);
    }
    if (seen.url.pathname === '/consent') {
      const uid = seen.url.searchParams.get('request')!;
      const at = `/api/identity/interactions/${uid}`;
      const asked = await visitor.json(`${at}/request`);
      const { body } = await visitor.json(`${at}/answers`, 'POST', { consent: true });
      seen = await visitor.go((body as { location: string }).location);
      return { seen, asked: asked.body as object, verifier, state, nonce };
    }
    return { seen, asked: undefined, verifier, state, nonce };
  };
  const redeem = (config: client.Configuration, v: Awaited<ReturnType<typeof visit>>) =>
    client.authorizationCodeGrant(config, v.seen.url, {
      pkceCodeVerifier: v.verifier,
      expectedState: v.state,
      expectedNonce: v.nonce,
    });
  const ask = (path: string, token: string) =>
    fetch(`${origin}/api/identity/${path}`, { headers: { authorization: `Bearer ${token}` } });

  test('a foreign client signs a person in, learns who it is, and acts within what was let', async () => {
    const config = await party(await register({}));
    const scope = 'openid profile bodies offline_access identity.see-oneself';
    const there = await visit(config, scope, { prompt: 'consent' });
    expect(there.asked).toMatchObject({
      prompt: 'consent',
      application: { name: { zh: '示范医院', en: 'Hospital' } },
      returnsTo: 'hospital.example',
      person: 'lin',
      scopes: ['identity.see-oneself'],
      offline: true,
    });
    const tokens = await redeem(config, there);
    expect(tokens.claims()).toMatchObject({
      sub: 'lin',
      name: 'lin',
      bodies: [],
      acr: 'urn:sanjiang:assurance:contact',
    });
    const me = (await (await ask('me', tokens.access_token)).json()) as { actor: object };
    expect(me.actor).toMatchObject({ kind: 'person', id: 'lin', scopes: ['identity.see-oneself'] });
    expect((await ask('sessions', tokens.access_token)).status).toBe(403);
    expect((await ask('bodies', tokens.access_token)).status).toBe(200); // open to everybody

    const fresh = await client.refreshTokenGrant(config, tokens.refresh_token!);
    expect((await ask('me', fresh.access_token)).status).toBe(200);
    // RFC 9700 §4.14.2: whoever brings the old one again ends the whole family.
    await expect(client.refreshTokenGrant(config, tokens.refresh_token!)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(client.refreshTokenGrant(config, fresh.refresh_token!)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await new Promise((done) => setTimeout(done, 1000));
    expect((await ask('me', fresh.access_token)).status).toBe(401);
  });

  test('who let an application in is not asked again, until the consent is taken back', async () => {
    const made = await register({});
    const config = await party(made);
    const first = await visit(config, 'openid identity.see-oneself');
    expect(first.asked).toBeDefined();
    const tokens = await redeem(config, first);
    expect((await visit(config, 'openid identity.see-oneself')).asked).toBeUndefined();
    const { items } = (await visitor.json('/api/identity/consents')).body as {
      items: { id: string; application: { id: string }; scopes: string[] }[];
    };
    const given = items.find((consent) => consent.application.id === made.id)!;
    expect(given.scopes).toEqual(['openid', 'identity.see-oneself']);
    await visitor.json(`/api/identity/consents/${given.id}`, 'DELETE');
    expect((await ask('me', tokens.access_token)).status).toBe(401);
    expect((await visit(config, 'openid identity.see-oneself')).asked).toBeDefined();
  });

  test('a token that only tells who somebody is opens nothing here', async () => {
    const config = await party(await register({}));
    const tokens = await redeem(config, await visit(config, 'openid profile'));
    const info = await client.fetchUserInfo(config, tokens.access_token, 'lin');
    expect(info).toMatchObject({ sub: 'lin', name: 'lin' });
    expect((await ask('me', tokens.access_token)).status).toBe(401);
  });

  test('whoever signed out of the house is not signed in at the provider either', async () => {
    const config = await party(await register({ trusted: true }));
    expect((await visit(config, 'openid')).seen.url.origin).toBe('https://hospital.example');
    await visitor.json('/api/identity/sessions/current', 'DELETE');
    const verifier = client.randomPKCECodeVerifier();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: BACK,
      scope: 'openid',
      prompt: 'none',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const seen = await visitor.go(url);
    expect(seen.url.searchParams.get('error')).toBe('login_required');
    await signIn('lin');
  });

  test('an application may ask that the person sign in anew', async () => {
    const config = await party(await register({ trusted: true }));
    const verifier = client.randomPKCECodeVerifier();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: BACK,
      scope: 'openid',
      prompt: 'login',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const seen = await visitor.go(url);
    expect(seen.url.pathname).toBe('/sign-in');
    expect(seen.url.searchParams.get('again')).toBe('yes');
    await new Promise((done) => setTimeout(done, 1100));
    await signIn('lin');
    const back = await visitor.go(seen.url.searchParams.get('after')!);
    expect(back.url.origin).toBe('https://hospital.example');
  });

  test('somebody else signs in, and the first one’s session does not go on', async () => {
    const config = await party(await register({}));
    await visit(config, 'openid');
    await visitor.json('/api/identity/sessions', 'POST', { name: 'mei', password: PASSWORD });
    const there = await visitor.go(
      client.buildAuthorizationUrl(config, {
        redirect_uri: BACK,
        scope: 'openid',
        code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
        code_challenge_method: 'S256',
      }),
    );
    // The provider ends its own session first, by a form that its page sends.
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(there.text)?.[1];
    const answer = await visitor.form('/oidc/session/end/confirm', { xsrf: xsrf!, logout: 'yes' });
    const { location } = (await answer.json()) as { location: string };
    const seen = await visitor.go(location);
    expect(seen.url.pathname).toBe('/consent');
    const uid = seen.url.searchParams.get('request')!;
    const { body } = await visitor.json(`/api/identity/interactions/${uid}/request`);
    expect(body).toMatchObject({ person: 'mei' });
    const said = await visitor.json(`/api/identity/interactions/${uid}/answers`, 'POST', {
      consent: false,
    });
    const denied = await visitor.go((said.body as { location: string }).location);
    expect(denied.url.searchParams.get('error')).toBe('access_denied');
    visitor.forget();
  });

  test('a person signs out at the application and is sent back to it', async () => {
    const config = await party(await register({ trusted: true }));
    const tokens = await redeem(config, await visit(config, 'openid'));
    const url = client.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token!,
      post_logout_redirect_uri: BYE,
      state: 'tide',
    });
    const seen = await visitor.go(url);
    expect(seen.url.pathname).toBe('/sign-out');
    const facts = new URLSearchParams(seen.url.hash.slice(1));
    expect(facts.get('application')).toBe('Hospital');
    const answer = await visitor.form('/oidc/session/end/confirm', {
      xsrf: facts.get('xsrf')!,
      logout: 'yes',
    });
    expect(await answer.json()).toEqual({ location: `${BYE}?state=tide` });
  });

  test('a service asks for itself, with the rights that it was given and no more', async () => {
    const made = await register({
      kind: 'service',
      redirects: [],
      logouts: [],
      roles: ['developer'],
      scopes: ['identity'],
    });
    const config = await party(made);
    const tokens = await client.clientCredentialsGrant(config, { scope: 'identity' });
    const me = (await (await ask('me', tokens.access_token)).json()) as { actor: object };
    expect(me.actor).toMatchObject({
      kind: 'application',
      id: made.id,
      roles: ['anyone', 'developer'],
      client: made.id,
    });
    expect((await ask('applications', tokens.access_token)).status).toBe(200);
    const narrow = await client.clientCredentialsGrant(config, { scope: 'identity.see-oneself' });
    expect(narrow.scope).toBe('identity.see-oneself');
    expect((await ask('applications', narrow.access_token)).status).toBe(403);
    await client.tokenRevocation(config, tokens.access_token);
    await new Promise((done) => setTimeout(done, 1000));
    expect((await ask('me', tokens.access_token)).status).toBe(401);
    const { secret } = (await call('chief', 'POST', `applications/${made.id}/secrets`, {}))
      .body as Made;
    await expect(
      client.clientCredentialsGrant(config, { scope: 'identity' }),
    ).rejects.toMatchObject({
      status: 401,
    });
    const renewed = await party({ ...made, secret });
    const again = await client.clientCredentialsGrant(renewed, { scope: 'identity' });
    expect((await ask('me', again.access_token)).status).toBe(200);
    await call('chief', 'DELETE', `applications/${made.id}`);
    expect((await ask('me', again.access_token)).status).toBe(401);
    await expect(client.clientCredentialsGrant(renewed, {})).rejects.toThrow();
  });

  test('a kiosk without a keyboard is let in by a person with a telephone', async () => {
    const config = await party({
      ...(await register({ kind: 'kiosk', redirects: [], logouts: [] })),
      secret: '',
    });
    const started = await client.initiateDeviceAuthorization(config, {
      scope: 'openid identity.see-oneself',
    });
    expect(started.verification_uri).toBe(`${origin}/oidc/device`);
    await signIn('lin');
    const page = await visitor.go(started.verification_uri);
    expect(page.url.pathname).toBe('/device');
    const factsOf = (location: string) =>
      new URLSearchParams(new URL(location, origin).hash.slice(1));
    const xsrf = factsOf(page.url.href).get('xsrf')!;
    const post = async (fields: Record<string, string>) =>
      (await (await visitor.form('/oidc/device', { xsrf, ...fields })).json()) as {
        location: string;
      };
    const wrong = factsOf((await post({ user_code: 'BBBB-BBBB' })).location);
    expect(wrong.get('problem')).toBe('yes');
    const known = await visitor.go(started.verification_uri);
    const next = factsOf(known.url.href).get('xsrf')!;
    const shown = factsOf((await post({ xsrf: next, user_code: started.user_code })).location);
    expect(shown.get('code')).toBe(started.user_code);
    const { location } = await post({
      xsrf: shown.get('xsrf')!,
      user_code: started.user_code,
      confirm: 'yes',
    });
    const seen = await visitor.go(location);
    expect(seen.url.pathname).toBe('/consent');
    const uid = seen.url.searchParams.get('request')!;
    const { body } = await visitor.json(`/api/identity/interactions/${uid}/answers`, 'POST', {
      consent: true,
    });
    const done = await visitor.go((body as { location: string }).location);
    expect(factsOf(done.url.href).get('done')).toBe('yes');
    const tokens = await client.pollDeviceAuthorizationGrant(config, { ...started, interval: 0.1 });
    expect((await ask('me', tokens.access_token)).status).toBe(200);
  });

  test('keys rotate without anybody noticing, and at once where they are compromised', async () => {
    const config = await party(await register({ trusted: true }));
    const keys = async () =>
      (
        (await (await fetch(`${origin}/oidc/jwks`)).json()) as {
          keys: { kid: string; d?: string }[];
        }
      ).keys;
    const kidOf = (token: string) =>
      (JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as { kid: string })
        .kid;
    const tokenNow = async () => (await redeem(config, await visit(config, 'openid'))).id_token!;
    const before = await keys();
    expect(before).toHaveLength(2);
    expect(before.every((key) => key.d === undefined)).toBe(true);
    const old = kidOf(await tokenNow());
    expect((await call('chief', 'POST', 'signing-keys', { compromised: false })).status).toBe(204);
    expect(await keys()).toHaveLength(4);
    expect(kidOf(await tokenNow())).toBe(old); // announced a day ahead
    expect((await call('chief', 'POST', 'signing-keys', { compromised: true })).status).toBe(204);
    const after = await keys();
    expect(after.map((key) => key.kid)).not.toContain(old);
    const config2 = await party(await register({ trusted: true }));
    const now = kidOf((await redeem(config2, await visit(config2, 'openid'))).id_token!);
    expect(after.map((key) => key.kid)).toContain(now);
    expect((await call('lin', 'POST', 'signing-keys', { compromised: true })).status).toBe(403);
    const sealed = await city.house.database.query<{ sealed: string }>(
      'select sealed from identity.own_keys',
    );
    expect(sealed.every((row) => /^a1\.[\w-]+$/.test(row.sealed))).toBe(true);
  });

  test('no secret of a code or a token stands in the database', async () => {
    const config = await party(await register({}));
    const tokens = await redeem(
      config,
      await visit(config, 'openid offline_access', { prompt: 'consent' }),
    );
    const rows = await city.house.database.query(
      "select * from identity.oidc_artifacts where model in ('AccessToken', 'RefreshToken', 'AuthorizationCode')",
    );
    const text = JSON.stringify(rows);
    expect(rows.length).toBeGreaterThan(2);
    expect(text).not.toContain(tokens.access_token);
    expect(text).not.toContain(tokens.refresh_token);
  });
});
