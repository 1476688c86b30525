import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import { testEngines } from '#kernel/database';
import { openTestHouse } from '../../../../test/house.ts';
import module from '../module.ts';

describe.each(testEngines)('vector tiles on %s', (engine) => {
  let house: House;
  beforeAll(async () => {
    house = await openTestHouse({ modules: [module], engine });
    const place = (type: string, coordinates: unknown) => ({
      location: { type: 'GeoProperty', value: { type, coordinates } },
    });
    const entities = [
      {
        id: 'urn:ngsi-ld:BusStop:gulou',
        type: 'BusStop',
        name: { type: 'LanguageProperty', languageMap: { zh: '鼓楼', en: 'Drum Tower' } },
        waiting: { type: 'Property', value: 7 },
        ...place('Point', [121.5497, 29.8746]),
      },
      { id: 'urn:ngsi-ld:BusStop:cixi', type: 'BusStop', ...place('Point', [121.2665, 30.1697]) },
      { id: 'urn:ngsi-ld:BusStop:nowhere', type: 'BusStop' },
      { id: 'urn:ngsi-ld:Tram:1', type: 'Tram', ...place('Point', [121.5497, 29.8746]) },
      {
        id: 'urn:ngsi-ld:District:haishu',
        type: 'District',
        ...place('Polygon', [
          [
            [121.4, 29.8],
            [121.6, 29.8],
            [121.6, 29.95],
            [121.4, 29.95],
            [121.4, 29.8],
          ],
        ]),
      },
    ];
    const made = await house.app.inject({
      method: 'POST',
      url: '/ngsi-ld/v1/entityOperations/create',
      payload: entities,
    });
    expect(made.statusCode, made.body).toBe(201);
  });
  afterAll(() => house?.[Symbol.asyncDispose]());

  const tile = (path: string, headers: Record<string, string> = {}) =>
    house.app.inject({ url: `/api/context/tiles/${path}`, headers });
  /** The tile of this zoom that holds a place (the common formula of XYZ tiles). */
  const at = (z: number, longitude: number, latitude: number) => {
    const r = (latitude * Math.PI) / 180;
    const x = Math.floor(((longitude + 180) / 360) * 2 ** z);
    const y = Math.floor(((1 - Math.asinh(Math.tan(r)) / Math.PI) / 2) * 2 ** z);
    return { path: `${z}/${x}/${y}.mvt`, x, y, z };
  };

  test('a tile holds the things of one type that stand in it, where they stand', async () => {
    const { path, x, y, z } = at(14, 121.5497, 29.8746);
    const answer = await tile(`BusStop/${path}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('application/vnd.mapbox-vector-tile');
    const { layers } = new VectorTile(new PbfReader(answer.rawPayload));
    expect(Object.keys(layers)).toEqual(['BusStop']);
    const layer = layers['BusStop']!;
    expect(layer.length).toBe(1);
    const feature = layer.feature(0);
    expect(feature.properties).toMatchObject({
      id: 'urn:ngsi-ld:BusStop:gulou',
      type: 'BusStop',
      name: '鼓楼',
      nameEn: 'Drum Tower',
      demo: false,
      waiting: 7,
    });
    const { geometry } = feature.toGeoJSON(x, y, z);
    const [longitude, latitude] = (geometry as GeoJSON.Point).coordinates as [number, number];
    expect(longitude).toBeCloseTo(121.5497, 4);
    expect(latitude).toBeCloseTo(29.8746, 4);
  });

  test('the whole world is one tile, and areas are cut at the edge of a small one', async () => {
    const world = new VectorTile(new PbfReader((await tile('BusStop/0/0/0.mvt')).rawPayload));
    expect(world.layers['BusStop']!.length).toBe(2);
    const answer = await tile(`District/${at(13, 121.5, 29.9).path}`);
    const ring = new VectorTile(new PbfReader(answer.rawPayload)).layers['District']!.feature(0);
    expect(ring.type).toBe(3);
    const xs = ring.loadGeometry().flatMap((points) => points.map((p) => p.x));
    expect([Math.min(...xs), Math.max(...xs)]).toEqual([-64, 4160]);
  });

  test('what did not change is not sent again, and nothing is an empty answer', async () => {
    const { path } = at(14, 121.5497, 29.8746);
    const { headers } = await tile(`BusStop/${path}`);
    expect(headers['cache-control']).toBe('max-age=5');
    const again = await tile(`BusStop/${path}`, { 'if-none-match': String(headers['etag']) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    expect((await tile('BusStop/14/0/0.mvt')).statusCode).toBe(204);
    expect((await tile('BusStop/0/0/0.mvt?tenant=cixi')).statusCode).toBe(204);
  });

  test.each(['BusStop/23/0/0.mvt', 'BusStop/3/8/0.mvt', 'BusStop/3/0/8.mvt', 'BusStop/3/0/0.png'])(
    'there is no tile %s',
    async (path) => {
      expect((await tile(path)).statusCode).toBe(400);
    },
  );
});
