import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { Identity } from '#platform/identity';
import { expectWellMade } from './browser.ts';
import { standCity } from './stand.ts';

const city = standCity();
const known = { name: '', password: '' };

const signIn = async (page: Page, after: string) => {
  const first = await (city.house.apis['identity'] as Identity).ensureFirstAdministrator();
  if (first) Object.assign(known, first);
  await page.goto(`/sign-in?after=${after}`);
  await page.locator('input').first().fill(known.name);
  await page.locator('input[type=password]').fill(known.password);
  await page.locator('main button[type=submit]').click();
};

test('an administrator asks who may do what, and is told why', async () => {
  const page = await city.openPage({ language: 'en' });
  await signIn(page, '/work/rights');
  await page.getByRole('tab', { name: 'Who may do what' }).waitFor();
  await page.getByLabel(/^Action/).waitFor();
  await expectWellMade(page);
  await page.getByLabel(/^Action/).click();
  await page.keyboard.type('policy.see-rights');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Decide' }).click();
  await page.getByRole('heading', { name: 'Denied' }).waitFor();
  await page.getByText('No policy permits it.').waitFor();
  await page.getByLabel(/^Roles/).click();
  await page.keyboard.type('administrator');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Decide' }).click();
  await page.getByRole('heading', { name: 'Allowed' }).waitFor();
  await page.getByText('house/administrators').first().waitFor();
  await expectWellMade(page);
  expect(page.faults).toEqual([]);
});

test('a change is tried, proposed, and waits for somebody else', async () => {
  const page = await city.openPage({ language: 'en' });
  await signIn(page, '/work/rights?view=rules');
  await page.getByText('house/see-personal').waitFor();
  await expectWellMade(page);
  await page.getByRole('button', { name: 'Propose a change' }).click();
  const text = page.getByLabel('New text of the policies');
  await text.fill('permit (');
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByRole('alert').waitFor();
  await text.fill(
    '@id("nothing") @zh("一律不可") @en("Nothing") forbid (principal is Nobody, action, resource);',
  );
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByText(/^Tried against/).waitFor();
  await page.getByLabel('Reason').fill('The night is dark.');
  await expectWellMade(page);
  await page.getByRole('button', { name: 'Propose', exact: true }).click();
  await page.getByRole('tab', { name: 'Changes' }).click();
  await page.getByText('The night is dark.').waitFor();
  await page.getByRole('button', { name: 'Withdraw' }).waitFor();
  expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
  await expectWellMade(page);
  await page.getByRole('button', { name: 'Withdraw' }).click();
  await page.getByText('Withdrawn').waitFor();
  expect(page.faults.filter((fault) => !fault.includes('400'))).toEqual([]);
});

test('on a phone, in Chinese, each part fits the window, and strangers are told who may see it', async () => {
  const page = await city.openPage({ width: 390 });
  await page.goto('/work/rights');
  await page.getByText('只有管理员能查看和变更权限。').waitFor();
  await expectWellMade(page);
  await signIn(page, '/work/rights');
  for (const name of ['谁能做什么', '规则', '变更', '紧急查看']) {
    await page.getByRole('tab', { name }).click();
    await page.waitForTimeout(500);
    await expectWellMade(page);
  }
  await page.getByText('没有紧急查看').waitFor();
  expect(page.faults).toEqual([]);
});
