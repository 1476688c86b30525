import { describe, expect, test } from 'vitest';
import { DOOR, ERROR } from './cases.ts';
import { BEILUN, beilun, CIXI, cixi, standRegister } from './registration-stand.ts';

const stand = standRegister();
const { ask, find, idsFor, register } = stand;

describe('5.10.2 Query Context Source Registrations', () => {
  test.each([
    ['nothing', ''],
    ['an id that is no URI', 'id=one'],
    ['a broken query', 'q=(one'],
    ['half a geo-query', 'georel=within'],
    ['half a temporal query', 'type=A&timerel=before'],
    ['no page at all', 'type=A&limit=0'],
  ])('%s is refused', async (_what, query) => {
    const answer = await ask('GET', `/csourceRegistrations?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ type: `${ERROR}BadRequestData` });
  });

  test('6.3.20: a parameter that is not of the operation is refused', async () => {
    const answer = await ask('GET', '/csourceRegistrations?type=A&orderBy=id');
    expect(answer.json()).toMatchObject({ type: `${ERROR}InvalidRequest` });
  });

  test('5.10.2.5: what matches is given as it was registered, with all its information', async () => {
    await register(beilun);
    expect(await find('type=ParkingSpot&idPattern=.*harbour$')).toEqual([beilun]);
  });

  test('5.12: entities and attributes are matched by type, id, pattern and name', async () => {
    await register(beilun);
    await register(cixi);
    const byQuery = {
      'type=Streetlight': [BEILUN, CIXI],
      'type=ParkingSpot': [BEILUN],
      'type=Streetlight&id=urn:ngsi-ld:Streetlight:2': [CIXI],
      'type=ParkingSpot&id=urn:ngsi-ld:ParkingSpot:47': [BEILUN],
      'type=ParkingSpot&id=urn:ngsi-ld:ParkingSpot:48': [],
      'id=urn:ngsi-ld:Streetlight:2': [CIXI],
      'attrs=colour': [CIXI],
      'type=Streetlight&pick=id,illuminance': [BEILUN, CIXI],
      'q=powerState=="on"': [BEILUN, CIXI],
      'q=colour=="red"': [CIXI],
      'type=Streetlight&attrs=colour&idPattern=.*beilun.*': [CIXI],
    };
    for (const [query, ids] of Object.entries(byQuery))
      expect(await idsFor(query), query).toEqual(ids);
  });

  test('csf and scopeQ are about the registration itself', async () => {
    await register({ ...beilun, scope: '/Ningbo/Beilun', operator: 'harbour' });
    await register({
      ...cixi,
      scope: '/Ningbo/Cixi',
      sourceKind: { type: 'Property', value: 'county' },
    });
    expect(await idsFor('type=Streetlight&csf=endpoint=="http://cixi.example:1026"')).toEqual([
      CIXI,
    ]);
    expect(await idsFor('type=Streetlight&csf=operator=="harbour"')).toEqual([BEILUN]);
    expect(await idsFor('type=Streetlight&csf=sourceKind=="county"')).toEqual([CIXI]);
    expect(await idsFor('type=Streetlight&csf=!sourceKind;mode!="redirect"')).toEqual([]);
    expect(await idsFor('type=Streetlight&scopeQ=/Ningbo/%23')).toEqual([BEILUN, CIXI]);
    expect(await idsFor('type=Streetlight&scopeQ=/Ningbo/Cixi')).toEqual([CIXI]);
  });

  test('4.10: its place answers, or what lies within it may', async () => {
    const ring = [
      [121.7, 29.8],
      [122, 29.8],
      [122, 30],
      [121.7, 30],
      [121.7, 29.8],
    ];
    await register({ ...beilun, location: { type: 'Polygon', coordinates: [ring] } });
    await register({ ...cixi, location: { type: 'Point', coordinates: [121.25, 30.17] } });
    await register({ ...cixi, id: `${CIXI}:nowhere` });
    const near = (meters: number) =>
      `type=Streetlight&georel=near;maxDistance==${meters}&geometry=Point&coordinates=[121.25,30.17]`;
    expect(await idsFor(near(2_000))).toEqual([CIXI]);
    expect(await idsFor(near(200_000))).toEqual([BEILUN, CIXI]);
    const inside = '[[[121.8,29.85],[121.9,29.85],[121.9,29.9],[121.8,29.85]]]';
    for (const relation of ['within', 'intersects', 'contains', 'overlaps'])
      expect(
        await idsFor(`type=Streetlight&georel=${relation}&geometry=Polygon&coordinates=${inside}`),
        relation,
      ).toEqual([BEILUN]);
  });

  test('a source of histories answers for its time alone, one of the present for now', async () => {
    const interval = { startAt: '2026-01-01T00:00:00Z', endAt: '2026-06-01T00:00:00Z' };
    await register({ ...cixi, observationInterval: interval });
    await register({
      ...cixi,
      id: `${CIXI}:kept`,
      managementInterval: { startAt: interval.startAt },
    });
    await register(beilun);
    expect(await idsFor('type=Streetlight')).toEqual([BEILUN]);
    const during = (from: string, more = '') =>
      idsFor(`type=Streetlight&timerel=after&timeAt=${from}T00:00:00Z${more}`);
    expect(await during('2026-02-01')).toEqual([CIXI]);
    expect(await during('2026-06-01')).toEqual([CIXI]);
    expect(await during('2026-07-01')).toEqual([]);
    expect(await during('2026-07-01', '&timeproperty=modifiedAt')).toEqual([`${CIXI}:kept`]);
    const between = (from: string, to: string) =>
      idsFor(`type=Streetlight&timerel=between&timeAt=${from}T00:00:00Z&endTimeAt=${to}T00:00:00Z`);
    expect(await between('2025-01-01', '2026-02-01')).toEqual([CIXI]);
    expect(await between('2025-01-01', '2025-02-01')).toEqual([]);
  });

  test('5.5.9: page by page, counted', async () => {
    for (const n of [1, 2, 3]) await register({ ...cixi, id: `${CIXI}:${n}` });
    const page = await ask(
      'GET',
      '/csourceRegistrations?type=Streetlight&limit=1&offset=1&count=true',
    );
    expect(page.json()).toMatchObject([{ id: `${CIXI}:2` }]);
    expect(page.headers['ngsild-results-count']).toBe('3');
    const links = String(page.headers.link).split(', ');
    expect(links.find((link) => link.includes('rel="next"'))).toContain('offset=2');
    expect(links.find((link) => link.includes('rel="prev"'))).toContain('offset=0');
  });

  test('5.5.7: names are those of the caller', async () => {
    const harbour = {
      '@context': { Light: 'http://example.org/Light', lux: 'http://example.org/lux' },
      id: CIXI,
      type: 'ContextSourceRegistration',
      endpoint: 'http://cixi.example',
      information: [{ entities: [{ type: 'Light' }], propertyNames: ['lux'] }],
    };
    const made = await stand.house.app.inject({
      method: 'POST',
      url: `${DOOR}/csourceRegistrations`,
      headers: { 'content-type': 'application/ld+json' },
      payload: harbour,
    });
    expect(made.statusCode).toBe(201);
    expect(await idsFor('type=Light')).toEqual([]);
    expect(await find('type=http://example.org/Light')).toMatchObject([
      {
        information: [
          {
            entities: [{ type: 'http://example.org/Light' }],
            propertyNames: ['http://example.org/lux'],
          },
        ],
      },
    ]);
  });
});
