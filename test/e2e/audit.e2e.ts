import { expect, test } from 'vitest';
import { SYSTEM } from '#kernel/actor';
import type { Audit } from '#platform/audit';
import type { Identity } from '#platform/identity';
import { expectWellMade } from './browser.ts';
import { standCity } from './stand.ts';

const city = standCity();

const record = (id: string, action = 'sensing.device-registered') =>
  (city.house.apis['audit'] as Audit).recordAlone({
    actor: { ...SYSTEM, kind: 'person', id: 'p-fang', name: 'fang' },
    action,
    subject: { kind: 'device', id },
    outcome: 'done',
    purpose: 'keeping-the-register',
  });

test('an administrator finds an act in the log, and the browser proves it', async () => {
  for (let n = 0; n < 25; n++) await record(`gauge-${n}`);
  await record('gauge-7', 'sensing.device-revoked');
  const first = await (city.house.apis['identity'] as Identity).ensureFirstAdministrator();
  const page = await city.openPage({ language: 'en' });
  await page.goto('/sign-in?after=/work/audit');
  await page.getByLabel('Name', { exact: true }).fill(first!.name);
  await page.getByLabel('Password', { exact: true }).fill(first!.password);
  await page.locator('main').getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Audit', exact: true }).waitFor();
  await page.getByText('A device was registered').first().waitFor();
  await expectWellMade(page);

  await page.getByRole('textbox', { name: 'Id of what it was done to' }).fill('gauge-7');
  await page.getByText('gauge-9').waitFor({ state: 'detached' });
  expect(new URL(page.url()).searchParams.get('subject')).toBe('gauge-7');
  const revoked = page.getByRole('row').filter({ hasText: 'A device was revoked' });
  await revoked.getByRole('button').first().focus();
  await page.keyboard.press('Enter');

  await page.getByRole('heading', { name: 'A device was revoked' }).waitFor();
  await page.getByText(/The leaf leads to the root by \d hashes/).waitFor();
  const steps = page.locator('.sj-audit-steps li');
  expect(await steps.count()).toBe(4);
  for (const step of await steps.all()) expect(await step.textContent()).toContain('Holds');
  await expectWellMade(page);
  expect(page.faults).toEqual([]);
});

test('whoever may not see the log is told so, on a telephone too', async () => {
  const page = await city.openPage({ width: 390, scheme: 'dark' });
  await page.goto('/work/audit');
  await page.getByText('只有管理员可以查看与导出审计日志。').waitFor();
  await page.getByRole('alert').waitFor();
  await expectWellMade(page);
});
