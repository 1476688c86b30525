/**
 * Debian's libapache2-mod-auth-openidc as a relying party that we did not write: it reads our discovery document, sends the
 * person to us, takes the code with PKCE, checks the identity token and keeps its own session. Skipped where it is not there.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import type { Identity } from '#platform/identity';
import { openTestCity } from '../city.ts';
import { openVisitor } from '../visitor.ts';

const APACHE = process.env['TEST_APACHE'] ?? '/usr/sbin/apache2';
const MODULES = '/usr/lib/apache2/modules';
const isThere = existsSync(APACHE) && existsSync(join(MODULES, 'mod_auth_openidc.so'));
const PATIENCE_MS = 20_000;

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

type Party = { port: number; provider: string; id: string; secret: string };
const settings = (folder: string, { port, provider, id, secret }: Party) => `
ServerRoot ${folder}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${folder}/pid
ErrorLog ${folder}/error.log
User nobody
Group nogroup
LoadModule mpm_event_module ${MODULES}/mod_mpm_event.so
LoadModule authn_core_module ${MODULES}/mod_authn_core.so
LoadModule authz_core_module ${MODULES}/mod_authz_core.so
LoadModule authz_user_module ${MODULES}/mod_authz_user.so
LoadModule dir_module ${MODULES}/mod_dir.so
LoadModule auth_openidc_module ${MODULES}/mod_auth_openidc.so
DocumentRoot ${folder}/files
DirectoryIndex index.html
OIDCProviderMetadataURL ${provider}/oidc/.well-known/openid-configuration
OIDCClientID ${id}
OIDCClientSecret ${secret}
OIDCProviderTokenEndpointAuth client_secret_basic
OIDCPKCEMethod S256
OIDCScope "openid profile"
OIDCRedirectURI http://127.0.0.1:${port}/own/back
OIDCCryptoPassphrase three-rivers
OIDCCookieSameSite Off
OIDCUnAuthAction auth true
<Location /own>
  AuthType openid-connect
  Require valid-user
</Location>
<Location /own/staff>
  AuthType openid-connect
  Require claim assurance:staff
</Location>
`;

describe.skipIf(!isThere)('mod_auth_openidc', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sanjiang-apache-'));
  let house: House;
  let apache: ChildProcess;
  let address: string;
  let origin: string;
  let admin: { name: string; password: string };

  beforeAll(async () => {
    house = await openTestCity({ AUTH: 'on' });
    address = await house.listen();
    admin = (await (house.apis['identity'] as Identity).ensureFirstAdministrator())!;
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    const keeper = openVisitor(address);
    await keeper.json('/api/identity/sessions', 'POST', admin);
    const { body } = await keeper.json('/api/identity/applications', 'POST', {
      name: { zh: '外部网站', en: 'Foreign site' },
      kind: 'web',
      redirects: [`${origin}/own/back`],
      logouts: [],
      scopes: [],
      roles: [],
      trusted: true,
    });
    mkdirSync(join(folder, 'files', 'own', 'staff'), { recursive: true, mode: 0o755 });
    for (const path of ['own', 'own/staff'])
      writeFileSync(join(folder, 'files', path, 'index.html'), `inside ${path}`);
    const made = body as { id: string; secret: string };
    writeFileSync(
      join(folder, 'apache.conf'),
      settings(folder, { port, provider: address, ...made }),
    );
    spawn('chmod', ['-R', 'a+rX', folder]);
    apache = spawn(APACHE, ['-X', '-f', join(folder, 'apache.conf')], { stdio: 'ignore' });
    const until = Date.now() + PATIENCE_MS;
    while (Date.now() < until && !(await fetch(origin).catch(() => undefined)))
      await new Promise((done) => setTimeout(done, 100));
  });
  afterAll(async () => {
    apache?.kill();
    await house?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a person reaches a page of a foreign site by signing in here, and not what is for staff', async () => {
    const there = openVisitor(origin);
    const here = openVisitor(address);
    const asked = await there.once('/own/');
    expect(asked.status).toBe(302);
    const begun = await here.go(asked.headers.get('location')!);
    expect(begun.url.pathname).toBe('/sign-in');
    await here.json('/api/identity/sessions', 'POST', admin);
    const back = await here.go(begun.url.searchParams.get('after')!);
    expect(back.url.origin).toBe(origin);
    const taken = await there.once(back.url);
    expect(taken.status).toBe(302);
    const page = await there.once('/own/');
    expect(page.status).toBe(200);
    expect(await page.text()).toBe('inside own');
    expect((await there.once('/own/staff/')).status).toBe(401);
    expect((await there.once(back.url)).status).toBeGreaterThanOrEqual(300); // the code comes twice
  });
});
