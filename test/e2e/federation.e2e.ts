import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { Identity } from '#platform/identity';
import { expectWellMade } from './browser.ts';
import { standCity } from './stand.ts';

/** A page that has just appeared is still being put together; what a script types at once may be lost. */
const SETTLED_MS = 1000;
const REGISTRATIONS = '/ngsi-ld/v1/csourceRegistrations';

const city = standCity();

const signIn = async (page: Page, after: string) => {
  const first = await (city.house.apis['identity'] as Identity).ensureFirstAdministrator();
  await page.goto(`/sign-in?after=${after}`);
  await page
    .locator('input')
    .first()
    .fill(first?.name ?? known.name);
  await page.locator('input[type=password]').fill(first?.password ?? known.password);
  await page.locator('main button[type=submit]').click();
  if (first) Object.assign(known, first);
};
const known = { name: '', password: '' };

test('an operator joins a platform, sees how it is doing, and parts from it', async () => {
  const page = await city.openPage({ language: 'en' });
  await signIn(page, '/work/federation');
  await page.getByText('No platform is joined yet').waitFor();
  await expectWellMade(page);

  await page.getByRole('button', { name: 'Join a platform' }).click();
  await page.getByRole('heading', { name: 'Join a platform' }).waitFor();
  await page.waitForTimeout(SETTLED_MS);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await page.getByText('2 fields need correction').waitFor();
  await page.getByLabel(/^Name/).fill('District of Beilun');
  await page.getByLabel(/^Address/).fill('https://beilun.example');
  await page.getByLabel(/^Entity types/).fill('Streetlight');
  await page.getByLabel(/^Entity types/).press('Enter');
  await page.getByLabel(/^Attributes/).fill('powerState');
  await page.getByLabel(/^Attributes/).press('Enter');
  await page.getByLabel(/^Attributes/).press('Escape');
  await expectWellMade(page);
  await page.getByRole('button', { name: 'Join', exact: true }).click();

  const row = page.getByRole('button', { name: 'District of Beilun' });
  await row.waitFor();
  await page.getByText('Not asked yet').first().waitFor();
  await expectWellMade(page);
  await city.house.database.query(
    `insert into context.registrations_health (tenant, id, times_sent, times_failed, timed_out, last_success, last_failure, last_error)
     select tenant, id, 5, 2, 1, now() - interval '1 hour', now(), 'The source did not answer within 5 s.' from context.registrations`,
  );
  await row.click();
  await page.getByRole('heading', { name: 'District of Beilun' }).waitFor();
  await page.getByText('The source did not answer within 5 s.').waitFor({ timeout: 30_000 });
  await page.getByText('Failed last').first().waitFor();
  await expectWellMade(page);

  await page.getByRole('button', { name: 'Disconnect' }).click();
  await page
    .getByRole('dialog', { name: 'Disconnect District of Beilun?' })
    .getByRole('button', { name: 'Disconnect' })
    .click();
  await page.getByText('No platform is joined yet').waitFor();
  expect(page.faults).toEqual([]);
});

test('on a phone, in Chinese, the pages fit the window and a refusal is told', async () => {
  const page = await city.openPage({ width: 390 });
  await signIn(page, '/work/new-source');
  await page.getByRole('heading', { name: '接入平台' }).waitFor();
  await page.waitForTimeout(SETTLED_MS);
  await page.getByLabel(/^名称/).fill('北仑区平台');
  await page.getByLabel(/^地址/).fill('https://beilun.example?x=1');
  await page.getByRole('button', { name: '接入', exact: true }).click();
  await page.getByRole('alert').waitFor();
  await expectWellMade(page);
  await page.getByLabel(/^地址/).fill('https://beilun.example');
  await page.getByRole('button', { name: '接入', exact: true }).click();
  await page.getByRole('heading', { name: '平台联邦' }).waitFor();
  await page.getByText('北仑区平台').first().waitFor();
  await expectWellMade(page);
});

test('whoever may not see the federation is told so', async () => {
  const page = await city.openPage({ width: 390, scheme: 'dark' });
  await page.goto('/work/federation');
  await page.getByText('只有运营人员可以查看和管理互联平台。').first().waitFor();
  expect(await page.getByRole('button', { name: '接入平台' }).isDisabled()).toBe(true);
  await expectWellMade(page);
  expect((await fetch(`${city.address}${REGISTRATIONS}?type=A`)).status).toBe(401);
});
