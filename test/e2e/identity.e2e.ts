import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { TOTP } from 'otpauth';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Identity } from '#platform/identity';
import { expectWellMade, type Sight } from './browser.ts';
import { standCity } from './stand.ts';

const city = standCity({ AUTH: 'on', DEMO: '1' });
let admin: { name: string; password: string };
beforeAll(async () => {
  admin = (await (city.house.apis['identity'] as Identity).ensureFirstAdministrator())!;
});

/** By name: a passkey is for a name, and 127.0.0.1 is none. */
const at = (path: string) => new URL(path, city.address.replace('127.0.0.1', 'localhost')).href;
const open = async (path: string, sight?: Sight) => {
  const page = await city.openPage({ language: 'en', ...sight });
  await page.goto(at(path));
  return page;
};
const signIn = async (page: Page) => {
  await page.getByLabel('Name', { exact: true }).fill(admin.name);
  await page.getByLabel('Password', { exact: true }).fill(admin.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).last().click();
};

test('one click shows the city as a demonstration person sees it', async () => {
  const page = await open('/sign-in?after=/account', { language: 'zh-CN' });
  await page.getByRole('button', { name: /象山县首席信息官/ }).waitFor();
  await expectWellMade(page);
  await page.getByRole('button', { name: /象山县首席信息官/ }).click();
  await page.getByText('象山县人民政府 · 首席信息官').waitFor();
  await page.getByText('工作人员').first().waitFor();
  await expectWellMade(page);
  expect(page.faults).toEqual([]);
});

test('a person signs in, makes a passkey, and comes back with it alone', async () => {
  const page = await open('/sign-in?after=/account', { width: 390 });
  await page.getByLabel('Password', { exact: true }).waitFor();
  await expectWellMade(page);
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await signIn(page);
  await page.getByRole('heading', { name: 'Passkeys' }).waitFor();
  await page.getByLabel('Name of the passkey').fill('My telephone');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('not used yet').waitFor();
  await expectWellMade(page);
  await page.getByRole('button', { name: /^Account: / }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.goto(at('/sign-in?after=/account'));
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByText(/last used/).waitFor();
  await page.getByText(/^passkey · /).waitFor();
  await page.getByRole('button', { name: 'Remove My telephone' }).click();
  await page.getByRole('tooltip').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('You have no passkey yet.').waitFor();
});

test('a second step is turned on, asked for, and turned off again', async () => {
  const page = await open('/sign-in?after=/account');
  await signIn(page);
  await page.getByRole('button', { name: 'Turn the second step on' }).click();
  const secret = (
    await page.locator('#authenticator + form code, #authenticator ~ form pre').first().innerText()
  ).trim();
  const totp = new TOTP({ secret });
  await page.getByRole('textbox', { name: 'Code' }).fill(totp.generate());
  await page.getByRole('button', { name: 'Confirm' }).click();
  const codes = page.locator('.sj-id-codes li');
  await codes.first().waitFor();
  expect(await codes.count()).toBe(10);
  const recovery = await codes.first().innerText();
  await expectWellMade(page);
  await page.getByRole('button', { name: 'I have kept them' }).click();
  const other = await open('/sign-in?after=/account', { width: 390, scheme: 'dark' });
  await signIn(other);
  await other.getByRole('textbox', { name: 'Code' }).fill('000000');
  await other.getByRole('button', { name: 'Continue' }).click();
  await other.getByText('The code is not right').waitFor();
  await expectWellMade(other);
  await other.getByRole('textbox', { name: 'Code' }).fill(recovery);
  await other.getByRole('button', { name: 'Continue' }).click();
  await other
    .getByText(/^password and code · /)
    .first()
    .waitFor();
  await other.getByRole('button', { name: 'Turn the second step off' }).click();
  await other
    .getByRole('tooltip')
    .getByRole('button', { name: 'Turn the second step off' })
    .click();
  await other.getByRole('button', { name: 'Turn the second step on' }).waitFor();
});

test('an administrator makes an account and appoints it to a body', async () => {
  const page = await open('/sign-in?after=/work/people');
  await signIn(page);
  await page.getByRole('button', { name: 'Add an account' }).click();
  await page.getByRole('dialog').getByLabel('Sign-in name').fill('lin.hai');
  await page.getByRole('dialog').getByRole('button', { name: 'Add an account' }).click();
  await page.getByText('Hand it over in person.', { exact: false }).waitFor();
  await expectWellMade(page);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await page.goto(at('/work/bodies?body=transport'));
  await page.getByRole('button', { name: 'Appoint somebody' }).click();
  await page.getByLabel('Sign-in name').fill('lin.hai');
  await page.getByRole('combobox', { name: /^Post/ }).click();
  await page.getByTitle('Official', { exact: true }).click();
  await page.getByRole('button', { name: 'Appoint somebody' }).click();
  await page.getByRole('cell', { name: 'lin.hai', exact: true }).waitFor();
  await expectWellMade(page);
  const phone = await city.openPage({ language: 'zh-CN', width: 390 });
  await phone.goto(at('/work/bodies'));
  await phone.getByRole('button', { name: /宁波市人民政府/ }).waitFor();
  await expectWellMade(phone);
});

test('a developer takes a trial key and registers an application that a person then lets in', async () => {
  const site = createServer((_request, answer) => answer.end('back')).listen(0, '127.0.0.1');
  onTestFinished(() => void site.close());
  await once(site, 'listening');
  const back = `http://127.0.0.1:${(site.address() as AddressInfo).port}/back`;
  const page = await open('/sign-in?after=/developers/keys');
  await page.getByRole('button', { name: /Developer of applications/ }).click();
  await page.getByLabel('Name of the key').fill('Tide board');
  await page.getByRole('button', { name: 'Take a key' }).click();
  await page
    .getByRole('dialog')
    .getByText(/^sj_sandbox_/)
    .waitFor();
  await expectWellMade(page);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByText('Tide board').waitFor();
  await page.getByRole('button', { name: 'Register an application' }).click();
  await page.getByLabel('Name in Chinese').fill('潮汐牌');
  await page.getByLabel('Name in English').fill('Tide board');
  await page.getByLabel('Address to come back to').fill(back);
  await page.getByLabel('What it may do').fill('identity.see-oneself');
  await page.getByRole('button', { name: 'Register an application' }).click();
  await page
    .getByRole('dialog')
    .getByText(/^sj_client_/)
    .waitFor();
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await expectWellMade(page);
  const id = (await page.locator('#applications ~ ul code').first().innerText()).trim();
  const query = new URLSearchParams({
    client_id: id,
    response_type: 'code',
    redirect_uri: back,
    scope: 'openid profile identity.see-oneself',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  });
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto(new URL(`/oidc/auth?${query}`, city.address).href);
  await page.getByRole('button', { name: /^Resident/ }).click();
  await page.getByText('“Tide board” would like to use your account').waitFor();
  await expectWellMade(page);
  await page.getByRole('button', { name: 'Agree' }).click();
  await page.waitForURL(`${back}?**`);
  expect(new URL(page.url()).searchParams.get('code')).toMatch(/^[\w-]{40,}$/);
  await page.goto(new URL('/account', city.address).href);
  await page.getByText('openid, profile, identity.see-oneself', { exact: false }).waitFor();
  await page.goto(new URL('/oidc/session/end', city.address).href);
  await page.getByRole('button', { name: 'Sign out', exact: true }).last().click();
  await page.getByText('You are signed out.').waitFor();
  await expectWellMade(page);
});

test('whoever comes with a bad request, or a device, finds a page in words', async () => {
  const page = await open('/oidc/auth?client_id=nobody', { language: 'zh-CN', width: 390 });
  await page.getByRole('heading', { name: '无法登录到应用' }).waitFor();
  await page.getByText('invalid_client').waitFor();
  await expectWellMade(page);
  await page.goto(at('/oidc/device'));
  await page.getByLabel('设备代码').fill('ABCD-EFGH');
  await page.getByRole('button', { name: '继续' }).click();
  await page.getByText('代码不正确或已过期', { exact: false }).waitFor();
  await expectWellMade(page);
  await page.goto(at('/recover'));
  await page.getByLabel('恢复码').waitFor();
  await expectWellMade(page);
});
