import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectWellMade, type Sight } from './browser.ts';
import { standCity } from './stand.ts';

const ID = 'urn:ngsi-ld:Vessel:e2e-1';
const LD = 'application/ld+json';
const CORE = 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld';

const city = standCity({ AUTH: 'off' });

const send = async (method: string, path: string, body: object) => {
  const answer = await fetch(`${city.address}/ngsi-ld/v1/entities${path}`, {
    method,
    headers: { 'content-type': LD },
    body: JSON.stringify({ '@context': CORE, ...body }),
  });
  expect(answer.status, await answer.text()).toBeLessThan(300);
};
const place = (lon: number, lat: number) => ({
  type: 'GeoProperty',
  value: { type: 'Point', coordinates: [lon, lat] },
});
const speed = (value: number, at: number) => ({
  type: 'Property',
  value,
  unitCode: 'KNT',
  observedAt: new Date(at).toISOString(),
  source: { type: 'Property', value: 'AIS receiver 3' },
});

/** Presses the middle of the map: what was fitted lies there. */
const pressMiddle = async (page: Page) => {
  const box = await page.locator('canvas.maplibregl-canvas').boundingBox();
  await page.mouse.click(box!.x + box!.width / 2, box!.y + box!.height / 2);
};
const panel = (page: Page) => page.getByRole('complementary', { name: '甬港拖1' });

/** Fits the map to its data and presses its middle until the vessel answers. */
const findOnMap = (page: Page) =>
  expect
    .poll(
      async () => {
        await page.getByRole('button', { name: '缩放到数据' }).click();
        await page.waitForTimeout(1_200); // the flight, and the map's own half second
        await pressMiddle(page);
        await page.waitForTimeout(300);
        return panel(page).isVisible();
      },
      { timeout: 30_000 },
    )
    .toBe(true);

test('a vessel written through NGSI-LD appears on the open map and moves there, without reloading', async () => {
  const page = await city.openPage();
  await page.goto('/city');
  await page.evaluate(() => Object.assign(globalThis, { opened: true }));
  await page.getByText('没有符合条件的对象').waitFor();
  await page.getByText('实时', { exact: true }).waitFor();

  const now = Date.now();
  await send('POST', '', {
    id: ID,
    type: 'Vessel',
    name: { type: 'LanguageProperty', languageMap: { zh: '甬港拖1', en: 'Port tug 1' } },
    location: place(121.72, 29.97),
    speedOverGround: speed(6.5, now - 60_000),
  });
  await page.getByText('共 1 个对象，视野内 1 个').waitFor();
  await findOnMap(page);
  await panel(page).getByText('6.5').waitFor();
  await panel(page).getByText('kn').waitFor();
  await panel(page).getByText('AIS receiver 3').waitFor();

  await send('PATCH', `/${ID}/attrs`, {
    location: place(121.95, 29.8),
    speedOverGround: speed(7.25, now),
  });
  await panel(page).getByText('7.25').waitFor(); // the facts follow
  await page.waitForTimeout(1_200);
  await pressMiddle(page); // where it was
  await panel(page).waitFor({ state: 'detached' });
  await findOnMap(page); // where it is
  expect(await page.evaluate(() => 'opened' in globalThis)).toBe(true);
  expect(page.faults).toEqual([]);
});

test('the page of a vessel has its facts, its history as a chart and as a table, and its JSON-LD', async () => {
  const page = await city.openPage({ language: 'en' });
  await page.goto(`/city/entities/${encodeURIComponent(ID)}`);
  await page.getByRole('heading', { level: 1, name: 'Port tug 1' }).waitFor();
  const facts = page.getByRole('table', { name: 'Facts' });
  await facts.getByRole('row', { name: /^Speed over ground.*7\.25 kn.*AIS receiver 3/ }).waitFor();
  await page.getByRole('img', { name: 'History of Speed over ground' }).waitFor();
  await page.getByRole('button', { name: 'View as table' }).click();
  const history = page.getByRole('region', { name: 'History of Speed over ground' });
  for (const value of ['6.5', '7.25'])
    await history.getByRole('cell', { name: value, exact: true }).waitFor();
  expect(await page.getByRole('region', { name: 'JSON-LD of Port tug 1' }).innerText()).toContain(
    `"id": "${ID}"`,
  );
  expect(page.faults).toEqual([]);
});

test('the language changes on the spot; the list says the same as the map, by keyboard', async () => {
  const page = await city.openPage({ width: 390 });
  await page.goto('/city?system=S7');
  await page.getByText('共 1 个对象').waitFor();
  await page.getByRole('button', { name: 'EN', exact: true }).click();
  await page.getByText('1 thing, ').waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  await page.getByText('List', { exact: true }).click();
  expect(new URL(page.url()).searchParams.get('view')).toBe('list');
  const open = page.getByRole('button', { name: 'Port tug 1' });
  await open.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'Port tug 1' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('complementary', { name: 'Port tug 1' }).waitFor({ state: 'detached' });
  await page
    .getByRole('combobox', { name: 'System' })
    .selectOption({ label: 'S4 Smart energy (0)' });
  await page.getByText('Nothing matches').waitFor();
});

// Three points of In-Fa (SN 202109) from JTWC's best track, as its table has them.
const TRACK = `CY,Year,Month,Day,Hour,Lat,Lon,VMax,MSLP,SN,Cat
9,2021,7,25,12,30.3,122.2,55.0,975.0,202109,TS
9,2021,7,25,18,30.4,121.4,45.0,982.0,202109,TS
9,2021,7,26,0,30.7,121.2,40.0,988.0,202109,TS
`;

test('a typhoon is replayed: its eye moves with the slider, and its passage is told in km and time', async () => {
  const content = createHash('sha256').update(TRACK).digest('hex');
  const taken = await fetch(`${city.address}/api/house/imports/typhoon?content=${content}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: TRACK,
  });
  expect(await taken.text()).toContain('"finished":true');
  const page = await city.openPage({ language: 'en' });
  await page.goto('/city');
  await page.getByRole('combobox', { name: 'Typhoon' }).selectOption('202109');
  const replay = page.getByRole('region', { name: 'Track of a typhoon in time' });
  await replay.getByText(/^56 km · .*07\/26\/2021/).waitFor();
  const slider = replay.getByRole('slider', { name: 'Time' });
  await slider.focus();
  await page.keyboard.press('Home');
  expect(await slider.getAttribute('aria-valuetext')).toContain('07/25/2021, 20:00');
  await replay.getByRole('button', { name: 'Play' }).click();
  await replay.getByText('07/26/2021', { exact: false }).first().waitFor();
  await expectWellMade(page);
  expect(page.faults).toEqual([]);
});

test('the tiles count working and partial clauses apart and open the clauses with their bodies', async () => {
  const page = await city.openPage({ language: 'en' });
  await page.goto('/city');
  const { groups } = (await city.house.app.inject('/api/programme/plan')).json() as {
    groups: { id: string; works: number; of: number; rows: { state: string }[] }[];
  };
  const transport = groups.find(({ id }) => id === 'S7')!;
  const tiles = page.getByRole('region', { name: 'Ten systems' }).getByRole('listitem');
  await tiles.first().waitFor();
  expect(await tiles.count()).toBe(10);
  const tile = tiles.filter({ hasText: 'Smart transport' });
  await tile.getByText(`${transport.works} of ${transport.of} work`).waitFor();
  await tile.getByText('1 live').waitFor();
  await tile.getByRole('link', { name: /Smart transport/ }).click();
  const clauses = page.getByRole('table', { name: 'Smart transport' });
  await clauses.getByText('S7.10').waitFor();
  expect(await clauses.getByRole('row').count()).toBe(transport.rows.length + 1);
  await clauses.getByRole('link', { name: 'Metro operator' }).click();
  await page.getByText(/Only clauses that “Metro operator” answers for/).waitFor();
});

const SIGHTS: readonly Sight[] = [
  { language: 'zh-CN', width: 1440, scheme: 'light' },
  { language: 'en', width: 1440, scheme: 'dark' },
  { language: 'zh-CN', width: 390, scheme: 'dark' },
  { language: 'en', width: 390, scheme: 'light' },
];
const PAGES = [
  `/city?entity=${encodeURIComponent(ID)}`,
  '/city?view=list',
  `/city/entities/${encodeURIComponent(ID)}`,
  '/city/plan',
  '/city/plan/S7',
];

test.each(SIGHTS)(
  'pages of the city are well made at $width px, $language, $scheme',
  async (sight) => {
    const page = await city.openPage(sight);
    for (const path of PAGES) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' });
      await page.waitForLoadState('load');
      await page.locator('.sj-skeleton').first().waitFor({ state: 'detached' });
      await expectWellMade(page);
    }
    expect(page.faults).toEqual([]);
  },
);
