import { expect, test } from 'vitest';
import type { Identity } from '#platform/identity';
import type { Sensing } from '#platform/sensing';
import { expectWellMade } from './browser.ts';
import { standCity } from './stand.ts';

const city = standCity();

test('an operator registers a device, sees what was not taken of it, and revokes it', async () => {
  const first = await (city.house.apis['identity'] as Identity).ensureFirstAdministrator();
  const page = await city.openPage({ language: 'en' });
  await page.goto('/sign-in?after=/work/devices');
  await page.getByLabel('Name').fill(first!.name);
  await page.getByLabel('Password').fill(first!.password);
  await page.locator('main').getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('button', { name: 'Register a device' }).click();

  await page.getByRole('heading', { name: 'Register a device' }).waitFor();
  await page.getByLabel(/^Id/).fill('gauge-7');
  await page.getByLabel('Name in Chinese').fill('七号水位站');
  await page.getByLabel('Name in English').fill('Gauge 7');
  await page.getByLabel('Class (I20)').fill('I20.9/gauge');
  await page.getByLabel('Entity type').fill('FloodMonitoring');
  await page.getByLabel('Entity id').fill('urn:ngsi-ld:FloodMonitoring:gauge-7');
  expect(await page.getByLabel(/^Id/).inputValue()).toBe('gauge-7');
  await page.getByRole('button', { name: 'Register and get the key' }).click();
  await expectWellMade(page);
  await page.getByLabel('Class (I20)').fill('I20.2/gauge');
  await page.getByLabel('Class (I20)').press('Enter');

  const dialog = page.getByRole('dialog', { name: 'New key of gauge-7' });
  await dialog.waitFor();
  const secret = await dialog.getByRole('region', { name: 'Key' }).textContent();
  const refused = await fetch(`${city.address}/api/sensing/devices/gauge-7/readings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ waterLevel: { value: 3, unitCode: 'furlong' } }),
  });
  expect(refused.status).toBe(400);

  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByRole('heading', { name: 'Gauge 7' }).waitFor();
  await page.getByText(/furlong.+is not among the UN\/CEFACT unit codes/).waitFor();
  await expectWellMade(page);

  await page.getByRole('button', { name: 'Revoke' }).click();
  await page
    .getByRole('dialog', { name: 'Revoke gauge-7?' })
    .getByRole('button', { name: 'Revoke' })
    .click();
  await page.locator('main').getByText('Revoked', { exact: true }).first().waitFor();
  expect(await page.getByRole('button', { name: 'New key' }).isDisabled()).toBe(true);
  const sendAgain = async () => {
    const answer = await fetch(`${city.address}/api/sensing/devices/gauge-7/readings`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: '{"waterLevel": 3}',
    });
    return answer.status;
  };
  // Nothing is taken from now on; within a second the key itself is unknown.
  expect([401, 404]).toContain(await sendAgain());
  await expect.poll(sendAgain, { timeout: 3000 }).toBe(401);
});

test('whoever may not keep the register sees the actions and why they are closed', async () => {
  const page = await city.openPage({ width: 390, scheme: 'dark' });
  await page.goto('/work/devices');
  const register = page.getByRole('button', { name: '登记设备' });
  await page.getByText('只有运营人员可以登记设备、更换密钥或吊销。').waitFor();
  expect(await register.isDisabled()).toBe(true);
  await expectWellMade(page);
});

test('a list of devices keeps its filters in its address', async () => {
  const { register } = city.house.apis['sensing'] as Sensing;
  for (const [id, zh] of [
    ['lamp-1', '一号路灯'],
    ['meter-1', '一号电表'],
  ] as const)
    await register({
      id,
      name: { zh, en: id },
      class: id === 'lamp-1' ? 'I20.3/streetlight' : 'I20.1/power-meter',
      entity: `urn:ngsi-ld:Device:${id}`,
      entityType: 'Device',
    });
  const page = await city.openPage();
  await page.goto('/work/devices?class=I20.3&state=new');
  const lamp = page.getByRole('button', { name: '一号路灯' });
  const meter = page.getByRole('button', { name: '一号电表' });
  await lamp.waitFor();
  expect(await meter.count()).toBe(0);
  await page.getByRole('button', { name: '清除筛选' }).click();
  await meter.waitFor();
  expect(new URL(page.url()).search).toBe('');

  await page.getByRole('textbox', { name: '编号、名称、实体或责任单位' }).pressSequentially('电表');
  await lamp.waitFor({ state: 'detached' });
  expect(new URL(page.url()).searchParams.get('q')).toBe('电表');
});
