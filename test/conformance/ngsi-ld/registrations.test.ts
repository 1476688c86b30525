import { describe, expect, test } from 'vitest';
import { DOOR, ERROR } from './cases.ts';
import { at, BEILUN, beilun, CIXI, cixi, LIGHT, standRegister } from './registration-stand.ts';

const stand = standRegister();
const { ask, idsFor, register } = stand;

describe('5.9.2 Register Context Source', () => {
  test('6.8.3.1: 201, its address, and what was registered is what is found', async () => {
    const made = await register(beilun);
    expect(made.body).toBe('');
    expect(made.headers.location).toBe(`${DOOR}${at(BEILUN)}`);
    expect((await ask('GET', at(BEILUN))).json()).toEqual(beilun);
  });

  test('an id is made where none is given; the same id is there once', async () => {
    const { id: _id, ...nameless } = cixi;
    const { headers } = await register(nameless);
    const id = String(headers.location).split('/').at(-1)!;
    expect((await ask('GET', at(id))).json()).toEqual({ ...cixi, id });
    const again = await ask('POST', '/csourceRegistrations', { ...cixi, id });
    expect(again.statusCode).toBe(409);
    expect(again.json()).toMatchObject({
      type: `${ERROR}AlreadyExists`,
      title: expect.any(String),
    });
  });

  const entities = [{ type: 'Streetlight' }];
  test.each([
    ['no information', { information: undefined }],
    ['information that is null', { information: null }],
    ['no element of information', { information: [] }],
    ['an empty element of information', { information: [{}] }],
    ['no entity in a list of them', { information: [{ entities: [] }] }],
    ['no name in a list of them', { information: [{ entities, propertyNames: [] }] }],
    ['an entity that is no URI', { information: [{ entities: [{ type: 'A', id: 'one' }] }] }],
    ['a pattern that is none', { information: [{ entities: [{ type: 'A', idPattern: '(' }] }] }],
    ['another type', { type: 'Streetlight' }],
    ['no endpoint', { endpoint: undefined }],
    ['an endpoint that is no address', { endpoint: 'beilun' }],
    ['an endpoint with a password', { endpoint: 'http://a:b@beilun.example' }],
    ['an unknown mode', { mode: 'both' }],
    ['an unknown operation', { operations: ['everything'] }],
    ['an expiry in the past', { expiresAt: '2020-01-01T00:00:00Z' }],
    ['a place that is none', { location: { type: 'Point', coordinates: [300, 0] } }],
    ['a scope that is none', { scope: '//' }],
    [
      'an interval backwards',
      { observationInterval: { startAt: '2026-02-01T00:00:00Z', endAt: '2026-01-01T00:00:00Z' } },
    ],
    ['5.2.34: management that is no object', { management: 'yes' }],
    ['5.2.34: a duration that is none', { management: { cacheDuration: 'bogus' } }],
    ['5.2.34: no cooldown at all', { management: { cooldown: 0 } }],
    ['5.2.34: a timeout before now', { management: { timeout: -5 } }],
    ['5.2.34: localOnly in words', { management: { localOnly: 'yes' } }],
    [
      '4.3.6.6: a version in words',
      { contextSourceInfo: [{ key: 'ngsildConformance', value: 'new' }] },
    ],
    [
      '4.3.6.6: a medium that is not ours',
      { contextSourceInfo: [{ key: 'accept', value: 'text/html' }] },
    ],
    [
      '5.9.2.4: an auxiliary source that writes',
      { mode: 'auxiliary', operations: ['updateEntity'] },
    ],
    [
      '4.3.6.3: exclusive without attributes',
      { mode: 'exclusive', information: [{ entities: [{ type: 'A', id: LIGHT }] }] },
    ],
    [
      '4.3.6.3: exclusive for a type',
      { mode: 'exclusive', information: [{ entities, propertyNames: ['a'] }] },
    ],
  ])('%s is refused', async (_what, more) => {
    const answer = await ask('POST', '/csourceRegistrations', { ...cixi, ...more });
    expect(answer.statusCode, answer.body).toBe(400);
    expect(answer.json()).toMatchObject({ type: `${ERROR}BadRequestData` });
  });

  test('all that clause 5.2.9 has is kept', async () => {
    const whole = {
      ...beilun,
      registrationName: 'Beilun',
      description: 'The district of Beilun',
      contextSourceInfo: [{ key: 'Authorization', value: 'Bearer abc' }],
      contextSourceAlias: 'beilun',
      datasetId: ['urn:ngsi-ld:Dataset:beilun', '@none'],
      expiresAt: '2099-01-01T00:00:00Z',
      location: { type: 'Point', coordinates: [121.84, 29.9] },
      management: { cacheDuration: 'PT5M', cooldown: 500, timeout: 3000, localOnly: true },
      mode: 'inclusive',
      operations: ['retrieveOps', 'updateAttrs'],
      refreshRate: 'PT1H',
      scope: ['/Ningbo/Beilun'],
      tenant: 'beilun',
    };
    await register(whole);
    expect((await ask('GET', at(BEILUN))).json()).toEqual(whole);
  });
});

describe('4.3.6.3 Proxied Registrations', () => {
  const proxied = (id: string, mode: string, names = ['illuminance']) => ({
    ...cixi,
    id: `urn:ngsi-ld:ContextSourceRegistration:${id}`,
    mode,
    operations: ['redirectionOps'],
    information: [{ entities: [{ type: 'Streetlight', id: LIGHT }], propertyNames: names }],
  });
  const light = {
    id: LIGHT,
    type: 'Streetlight',
    illuminance: { type: 'Property', value: 12 },
  };

  test('beside an exclusive registration there is no other proxied one of its attributes', async () => {
    await register(proxied('first', 'exclusive'));
    for (const mode of ['exclusive', 'redirect']) {
      const second = await ask('POST', '/csourceRegistrations', proxied('second', mode));
      expect(second.statusCode).toBe(409);
      expect(second.json()).toMatchObject({ type: `${ERROR}Conflict` });
    }
    expect((await ask('GET', at(proxied('second', '').id))).statusCode).toBe(404);
    await register(proxied('others', 'exclusive', ['powerState']));
    await register(proxied('beside', 'inclusive'));
  });

  test('redirect registrations may overlap each other, but leave no room for an exclusive one', async () => {
    await register(proxied('first', 'redirect'));
    await register(proxied('second', 'redirect'));
    const third = await ask('POST', '/csourceRegistrations', proxied('third', 'exclusive'));
    expect(third.statusCode).toBe(409);
  });

  test('5.9.2.4: what is held here is not registered as held elsewhere', async () => {
    expect((await ask('POST', '/entities', light)).statusCode).toBe(201);
    for (const mode of ['exclusive', 'redirect']) {
      const refused = await ask('POST', '/csourceRegistrations', proxied('first', mode));
      expect(refused.statusCode).toBe(409);
      expect(refused.json()).toMatchObject({ type: `${ERROR}Conflict` });
    }
    await register(proxied('first', 'exclusive', ['powerState']));
    const changed = await ask('PATCH', at(proxied('first', '').id), {
      information: proxied('first', 'exclusive').information,
    });
    expect(changed.statusCode).toBe(409);
  });
});

describe('5.9.3 Update Context Source Registration', () => {
  test('5.5.8: members given take the place of those there, null removes', async () => {
    await register({ ...beilun, description: 'Beilun', management: { timeout: 5, cooldown: 7 } });
    const changed = await ask('PATCH', at(BEILUN), {
      id: BEILUN,
      type: 'ContextSourceRegistration',
      endpoint: 'http://new.example:1026',
      description: 'urn:ngsi-ld:null',
      management: { cooldown: null },
    });
    expect([changed.statusCode, changed.body]).toEqual([204, '']);
    expect((await ask('GET', at(BEILUN))).json()).toEqual({
      ...beilun,
      endpoint: 'http://new.example:1026',
      management: { timeout: 5 },
    });
  });

  test.each([
    ['an id that is no URI', 'beilun', { endpoint: 'http://a.example' }, 400, 'BadRequestData'],
    ['nobody', 'urn:ngsi-ld:none', { endpoint: 'http://a.example' }, 404, 'ResourceNotFound'],
    ['another type', BEILUN, { type: 'Streetlight' }, 400, 'BadRequestData'],
    ['no information any more', BEILUN, { information: null }, 400, 'BadRequestData'],
    ['another id', BEILUN, { id: CIXI }, 400, 'BadRequestData'],
  ])('%s is refused', async (_what, id, patch, status, type) => {
    await register(beilun);
    const answer = await ask('PATCH', at(id), patch);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ type: ERROR + type });
  });

  test('6.3.2: without an id there is no such method, and nothing to say but that', async () => {
    const answer = await ask('PATCH', '/csourceRegistrations/', { endpoint: 'http://a.example' });
    expect([answer.statusCode, answer.body]).toEqual([405, '']);
    expect(answer.headers.allow).toBe('GET, HEAD, POST');
    const nothing = await ask('GET', '/csourceRegistration');
    expect(nothing.statusCode).toBe(404);
    expect(nothing.json()).toMatchObject({ type: `${ERROR}ResourceNotFound` });
  });

  test('6.3.3: what is no JSON is no request', async () => {
    await register(beilun);
    const answer = await stand.house.app.inject({
      method: 'PATCH',
      url: DOOR + at(BEILUN),
      headers: { 'content-type': 'application/json' },
      payload: '{"endpoint":',
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ type: `${ERROR}InvalidRequest` });
  });
});

describe('5.9.4 Delete and 5.10.1 Retrieve Context Source Registration', () => {
  test('what is deleted is gone, and another tenant has its own', async () => {
    await register(beilun);
    const other = await stand.house.app.inject({
      url: DOOR + at(BEILUN),
      headers: { 'ngsild-tenant': 'other' },
    });
    expect(other.statusCode).toBe(404);
    expect((await ask('DELETE', at(BEILUN))).statusCode).toBe(204);
    for (const method of ['GET', 'DELETE'] as const) {
      const answer = await ask(method, at(BEILUN));
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ type: `${ERROR}ResourceNotFound` });
    }
    expect((await ask('GET', at('beilun'))).json()).toMatchObject({
      type: `${ERROR}BadRequestData`,
    });
  });

  test('sysAttrs shows when it was made; ld+json has its context in the body', async () => {
    await register(beilun);
    expect((await ask('GET', `${at(BEILUN)}?options=sysAttrs`)).json()).toEqual({
      ...beilun,
      createdAt: expect.any(String),
      modifiedAt: expect.any(String),
    });
    const ld = await stand.house.app.inject({
      url: DOOR + at(BEILUN),
      headers: { accept: 'application/ld+json' },
    });
    expect(ld.json()).toEqual({ ...beilun, '@context': expect.anything() });
  });

  test('5.9.2.4: it goes when its time is over', async () => {
    await register({ ...cixi, expiresAt: new Date(Date.now() + 300).toISOString() });
    await expect.poll(async () => (await ask('GET', at(CIXI))).statusCode).toBe(404);
    expect(await idsFor('type=Streetlight')).toEqual([]);
  });
});
