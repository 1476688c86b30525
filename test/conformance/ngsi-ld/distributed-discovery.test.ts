import { describe, expect, test } from 'vitest';
import { lamp, standCity } from './distributed-stand.ts';

/** Clauses 5.7.5 to 5.7.10 of ETSI GS CIM 009 v1.9.1: what sources that are amiss, empty or alone change in them. */
const city = standCity();
const operations = [
  'retrieveEntityTypes',
  'retrieveEntityTypeDetails',
  'retrieveEntityTypeInfo',
  'retrieveAttrTypes',
  'retrieveAttrTypeDetails',
  'retrieveAttrTypeInfo',
];
const shown = async (path: string) => {
  const answer = await city.ask('GET', path);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
};

describe('types and attributes of several sources', () => {
  test('5.7.6: of a type the attributes here and there, each once', async () => {
    await city.register(city.beilun, { operations });
    await city.hold(lamp({ height: 8, powerState: 'on' }));
    const there = { typeName: 'Streetlight', attributeNames: ['powerState', 'maker'] };
    city.beilun.on('GET', '/types', [200, [{ id: 'x', type: 'EntityType', ...there }]]);
    expect(await shown('/types?details=true')).toMatchObject([
      { typeName: 'Streetlight', attributeNames: ['height', 'maker', 'powerState'] },
    ]);
    expect(city.beilun.asked[0]?.query.get('details')).toBe('true');
  });

  test('5.7.8: attributes here and at two sources, each once', async () => {
    for (const source of [city.beilun, city.cixi]) await city.register(source, { operations });
    await city.hold(lamp({ height: 8 }));
    const list = (...attributeList: string[]) =>
      [200, { type: 'AttributeList', attributeList }] as const;
    city.beilun.on('GET', '/attributes', list('height', 'maker'));
    city.cixi.on('GET', '/attributes', list('maker', 'powerState'));
    expect((await shown('/attributes')).attributeList).toEqual(['height', 'maker', 'powerState']);
  });

  test('5.7.9: of an attribute the types here and there', async () => {
    const entities = [{ type: 'Streetlight' }, { type: 'Mast' }];
    await city.register(city.beilun, { operations, information: [{ entities }] });
    await city.hold(lamp({ height: 8 }));
    const there = { attributeName: 'height', typeNames: ['Mast'] };
    city.beilun.on('GET', '/attributes', [200, [{ id: 'x', type: 'Attribute', ...there }]]);
    expect(await shown('/attributes?details=true')).toMatchObject([
      { attributeName: 'height', typeNames: ['Mast', 'Streetlight'] },
    ]);
  });

  test('4.3.6.1: a source is believed of what it registered alone', async () => {
    const information = [{ entities: [{ type: 'Streetlight' }], propertyNames: ['height'] }];
    await city.register(city.beilun, { operations, information });
    const typeList = ['Streetlight', 'Mast'];
    city.beilun.on('GET', '/types', [200, { type: 'EntityTypeList', typeList }]);
    expect((await shown('/types')).typeList).toEqual(['Streetlight']);
    const attributeList = ['height', 'owner'];
    city.beilun.on('GET', '/attributes', [200, { type: 'AttributeList', attributeList }]);
    expect((await shown('/attributes')).attributeList).toEqual(['height']);
  });

  test('4.3.6.6: a source is asked of a type in the names that it registered', async () => {
    const made = await city.ask('POST', '/jsonldContexts', {
      '@context': { Lantern: 'https://uri.etsi.org/ngsi-ld/default-context/Streetlight' },
    });
    const jsonldContext = `http://127.0.0.1${String(made.headers.location)}`;
    const contextSourceInfo = [{ key: 'jsonldContext', value: jsonldContext }];
    await city.register(city.beilun, { operations, contextSourceInfo });
    city.beilun.on('GET', '/types/Lantern', [
      200,
      {
        id: 'x',
        type: 'EntityTypeInfo',
        typeName: 'Lantern',
        entityCount: 2,
        attributeDetails: [],
      },
    ]);
    expect(await shown('/types/Streetlight')).toMatchObject({
      typeName: 'Streetlight',
      entityCount: 2,
    });
    expect(city.beilun.asked[0]!.headers.link).toContain(jsonldContext);
  });

  test.each(['/types/Streetlight', '/attributes/height'])(
    '5.7.7, 5.7.10: %s that nobody knows is not found, without a warning',
    async (path) => {
      await city.register(city.beilun, { operations });
      const answer = await city.ask('GET', path);
      expect(answer.statusCode).toBe(404);
      expect(answer.headers['ngsild-warning']).toBeUndefined();
      expect(city.beilun.asked).toHaveLength(1);
    },
  );

  test.each(['/types', '/types/Streetlight', '/attributes', '/attributes/height'])(
    '6.3.17: %s is answered from here, with a warning, where a source fails',
    async (path) => {
      await city.register(city.beilun, { operations });
      await city.hold(lamp({ height: 8 }));
      city.beilun.on('GET', path, [500, {}]);
      const answer = await city.ask('GET', path);
      expect(answer.statusCode).toBe(200);
      expect(String(answer.headers['ngsild-warning'])).toMatch(/^299 /);
    },
  );

  test('5.12: a source that does not offer the operation is not asked', async () => {
    await city.register(city.beilun, { operations: ['retrieveEntity'] });
    await city.hold(lamp({ height: 8 }));
    expect((await shown('/types')).typeList).toEqual(['Streetlight']);
    expect(city.beilun.asked).toEqual([]);
  });
});
