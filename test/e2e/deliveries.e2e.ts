import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Identity } from '#platform/identity';
import { openReceiver } from '../receiver.ts';
import { expectWellMade } from './browser.ts';
import { standCity } from './stand.ts';

/** A page that has just appeared is still being put together; what a script types at once may be lost. */
const SETTLED_MS = 1000;

const city = standCity({ EGRESS_ALLOW: '127.0.0.1' });
let receiver: Awaited<ReturnType<typeof openReceiver>>;
let cookie: string;

const send = async (path: string, payload: object) => {
  const answer = await fetch(city.address + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, origin: city.address },
    body: JSON.stringify(payload),
  });
  expect(answer.status, await answer.text()).toBe(201);
};

beforeAll(async () => {
  receiver = await openReceiver();
});
afterAll(() => receiver?.[Symbol.asyncDispose]());

test('nobody is told yet, and the page says so', async () => {
  const first = await (city.house.apis['identity'] as Identity).ensureFirstAdministrator();
  const page = await city.openPage({ language: 'en' });
  await page.goto('/sign-in?after=/work/deliveries');
  await page.getByLabel('Name').fill(first!.name);
  await page.getByLabel('Password').fill(first!.password);
  await page.locator('main').getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByText('No notification was sent yet').waitFor();
  cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  await expectWellMade(page);
  await page.getByText('Subscriptions', { exact: true }).click();
  await page.getByText('Nobody has subscribed yet').waitFor();
  await page.getByText('Log', { exact: true }).click();
  await page.getByText('Nothing was delivered yet').waitFor();
});

test('what a receiver refused is seen, and delivered again, one and all', async () => {
  receiver.behaviour.answer = () => 400;
  await send('/ngsi-ld/v1/subscriptions', {
    type: 'Subscription',
    subscriptionName: 'Jiangbei water',
    entities: [{ type: 'Sluice' }],
    notification: { endpoint: { uri: receiver.url } },
  });
  await send('/ngsi-ld/v1/entities', { id: 'urn:x:sluice-1', type: 'Sluice', open: true });
  await send('/ngsi-ld/v1/entities', { id: 'urn:x:sluice-2', type: 'Sluice', open: true });

  const page = await city.openPage({ language: 'en' });
  await page.context().addCookies(
    cookie.split('; ').map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url: city.address };
    }),
  );
  await page.goto('/work/deliveries?view=log&state=dead');
  const again = page.getByRole('button', { name: `Try again the delivery to ${receiver.url}` });
  await expect.poll(() => again.count(), { timeout: 60_000 }).toBe(2);
  await page.getByText('Answered 400').first().waitFor();
  await expectWellMade(page);

  receiver.behaviour.answer = () => 200;
  await again.first().click();
  await page.getByText('The notification is being delivered again').waitFor();
  await expect.poll(() => again.count(), { timeout: 20_000 }).toBe(1);

  await page.getByText('Receivers', { exact: true }).click();
  await page.waitForTimeout(SETTLED_MS);
  // By keyboard alone.
  await page
    .getByRole('button', { name: `Deliver again all that were given up for ${receiver.url}` })
    .press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Deliver again what was given up?' });
  await dialog.getByText('1 notification to').waitFor();
  await expectWellMade(page);
  await dialog.getByRole('button', { name: 'Deliver again' }).press('Enter');
  await page.getByText('1 notification is being delivered again').waitFor();
  await page.getByRole('button', { name: `Log of ${receiver.url}` }).click();
  await expect
    .poll(() => page.getByText('Delivered', { exact: true }).count(), { timeout: 20_000 })
    .toBeGreaterThanOrEqual(2);
  expect(page.url()).toContain('endpoint=');
  await page.getByText('Subscriptions', { exact: true }).click();
  await page.getByText('Jiangbei water').waitFor();
  await expectWellMade(page);
});

test('whoever may not is told so, on a phone and in Chinese', async () => {
  const page = await city.openPage({ width: 390, scheme: 'dark' });
  await page.goto('/work/deliveries');
  await page.getByRole('heading', { name: '通知投递', level: 1 }).waitFor();
  await page.getByText('只有运营人员可以重新投递。').waitFor();
  await page.getByRole('alert').waitFor();
  await expectWellMade(page);
});
