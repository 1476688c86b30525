import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { expectWellMade } from './browser.ts';
import { standCity } from './stand.ts';

const hasCurl = spawnSync('curl', ['--version']).status === 0;
const run = promisify(execFile);

const city = standCity({ AUTH: 'off' });

test.skipIf(!hasCurl)(
  'a newcomer copies one curl, and the page says that the reading arrived (needs curl)',
  async () => {
    const page = await city.openPage();
    await page.goto('/developers');
    await page.getByRole('button', { name: '领取试用设备' }).click();
    const command = await page
      .getByRole('region', { name: '发送读数的命令: curl' })
      .locator('code')
      .textContent();
    expect(command).toContain(`${city.address}/api/sensing/devices/sandbox-`);
    await page.getByText('正在等待第一条读数…').waitFor();

    // As a person would: the text of the page, in a shell.
    const { stdout } = await run('sh', ['-c', `${command} --silent`]);
    expect(JSON.parse(stdout)).toEqual({ taken: 1 });

    await page.getByText('读数已到达').waitFor();
    await page.getByText('21.5', { exact: true }).waitFor();
    const link = page.getByRole('link', { name: '打开它的页面' });
    expect(await link.getAttribute('href')).toMatch(/^\/city\/entities\/urn%3Angsi-ld%3ADevice/);
    await expectWellMade(page);
    expect(page.faults).toEqual([]);
  },
);

test('every door of the city is listed, and the list can be filtered', async () => {
  const page = await city.openPage({ language: 'en', scheme: 'dark', width: 390 });
  await page.goto('/developers');
  const doors = page.getByRole('table').first();
  await doors.getByText('ETSI NGSI-LD (GS CIM 009)').waitFor();
  const { doors: known } = (await city.house.app.inject('/api/house/doors')).json() as {
    doors: unknown[];
  };
  expect(await doors.locator('tbody tr').count()).toBe(known.length);
  await page.getByRole('searchbox', { name: 'Filter by standard, module or address' }).fill('mqtt');
  await doors.getByText('ETSI NGSI-LD (GS CIM 009)').waitFor({ state: 'detached' });
  expect(await doors.locator('tbody tr').count()).toBe(2);
  await expectWellMade(page);
  expect(page.faults).toEqual([]);
});
