import { expect, test } from 'vitest';
import { expectWellMade } from './browser.ts';
import { standCity } from './stand.ts';

const city = standCity({ AUTH: 'off' });

test('an operator sees what could not be delivered, and delivers it again', async () => {
  const [consumer] = await city.house.outbox.lags();
  const event = { seq: 1, at: '2026-01-01T00:00:00Z', tenant: '', type: 't', key: 'k', data: {} };
  const letter = (name: string) =>
    city.house.database.query(
      'insert into kernel.dead_letters (consumer, attempts, error, event) values ($1, 6, $2, $3)',
      [name, 'Error: the line was cut', JSON.stringify(event)],
    );
  await letter('nobody-any-more');

  const page = await city.openPage({ language: 'en' });
  await page.goto('/work');
  const figure = page.locator('.sj-stat').filter({ hasText: 'Undelivered events' });
  await figure.getByText('1', { exact: true }).waitFor();
  await expectWellMade(page);
  await figure.getByRole('link', { name: 'See the list' }).click();

  await page.getByText('Error: the line was cut').waitFor();
  await page.getByText(consumer!.name).first().waitFor();
  await expectWellMade(page);
  await page.getByRole('button', { name: /^Deliver again: event/ }).click();
  await page.getByText('Nothing here is called nobody-any-more any more.').waitFor();
  expect(await city.house.outbox.deadLetters(10)).toHaveLength(1);
});

test('the first page of the workbench names each import and how it is done', async () => {
  const page = await city.openPage({ width: 390, scheme: 'dark' });
  await page.goto('/work');
  const { importers } = (await city.house.app.inject('/api/house/importers')).json() as {
    importers: { id: string }[];
  };
  expect(importers.length).toBeGreaterThan(0);
  for (const { id } of importers)
    await page.getByText(`npm run city -- import ${id} `, { exact: false }).first().waitFor();
  await expectWellMade(page);
  expect(page.faults).toEqual([]);
});
