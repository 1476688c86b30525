import { describe, expect, test } from 'vitest';
import { ERROR } from './cases.ts';
import { alone, LAMP, lamp, standCity } from './distributed-stand.ts';

/** Clauses 4.3.6, 5.6 and 6.3.17 of ETSI GS CIM 009 v1.9.1: writes that sources have a part in. */
const city = standCity();
const READ_ONLY = { operations: ['retrieveOps'] };
const exclusive = (names: readonly string[], more: object = {}) => ({
  mode: 'exclusive',
  ...alone(names),
  ...more,
});

describe('4.3.6.3 an exclusive source has its attributes alone', () => {
  test('5.6.1: what is its goes there, the rest is made here', async () => {
    await city.register(city.beilun, exclusive(['powerState']));
    city.beilun.on('POST', '/entities', 201);
    const made = await city.ask('POST', '/entities', lamp({ powerState: 'on', height: 8 }));
    expect(made.statusCode, made.body).toBe(201);
    expect(city.beilun.asked.map(({ body }) => body)).toEqual([lamp({ powerState: 'on' })]);
    expect(await city.held()).toEqual({ id: LAMP, type: 'Streetlight', height: 8 });
  });

  test('5.6.1: nothing is made here where nothing is left', async () => {
    await city.register(city.beilun, exclusive(['powerState']));
    city.beilun.on('POST', '/entities', 201);
    const made = await city.ask('POST', '/entities', lamp({ powerState: 'on' }));
    expect(made.statusCode, made.body).toBe(201);
    expect(await city.held()).toBe(404);
  });

  test('5.6.1: Conflict where the source takes no such request, and it is not asked', async () => {
    await city.register(city.beilun, exclusive(['powerState'], READ_ONLY));
    const made = await city.ask('POST', '/entities', lamp({ powerState: 'on' }));
    expect(made.statusCode).toBe(409);
    expect(made.json()).toMatchObject({ type: `${ERROR}Conflict` });
    expect(city.beilun.asked).toEqual([]);
  });

  test('5.6.6: a part that cannot be deleted leaves 207 with the registration', async () => {
    const registrationId = await city.register(city.beilun, exclusive(['powerState'], READ_ONLY));
    await city.hold(lamp({ height: 8 }));
    const gone = await city.ask('DELETE', `/entities/${LAMP}`);
    expect(gone.statusCode, gone.body).toBe(207);
    expect(gone.json()).toMatchObject({
      success: [LAMP],
      errors: [
        { entityId: LAMP, registrationId, error: { type: `${ERROR}Conflict`, status: 409 } },
      ],
    });
    expect(await city.held()).toBe(404);
    expect(city.beilun.asked).toEqual([]);
  });

  test.each([
    [404, 404, 'ResourceNotFound'],
    [403, 502, undefined],
    [500, 502, undefined],
  ])('6.3.17: a single source that answers %d gives %d', async (theirs, ours, error) => {
    await city.register(city.beilun, exclusive(['powerState']));
    const path = `/entities/${LAMP}/attrs/powerState`;
    city.beilun.on('PATCH', path, theirs);
    const answer = await city.ask('PATCH', path, { type: 'Property', value: 'off' });
    expect(answer.statusCode, answer.body).toBe(ours);
    if (error) expect(answer.json()).toMatchObject({ type: ERROR + error });
  });

  test('6.3.17: 504 where the single source does not answer in time', async () => {
    const more = { management: { timeout: 200 } };
    await city.register(city.beilun, exclusive(['powerState'], more));
    const path = `/entities/${LAMP}/attrs/powerState`;
    city.beilun.on('DELETE', path, 'never');
    expect((await city.ask('DELETE', path)).statusCode).toBe(504);
  });

  test('5.6.3: the request goes on as it came, options and all', async () => {
    await city.register(city.beilun, exclusive(['powerState']));
    await city.hold(lamp({ height: 8 }));
    city.beilun.on('POST', `/entities/${LAMP}/attrs`, 204);
    const { id: _id, type: _type, ...both } = lamp({ powerState: 'on', maker: 'Ninghai' });
    const added = await city.ask('POST', `/entities/${LAMP}/attrs?options=noOverwrite`, both);
    expect(added.statusCode, added.body).toBe(204);
    const [asked] = city.beilun.asked;
    expect(asked?.query.get('options')).toBe('noOverwrite');
    expect(asked?.body).toEqual({ powerState: { type: 'Property', value: 'on' } });
    expect(await city.held()).toMatchObject({ height: 8, maker: 'Ninghai' });
  });

  test('6.6.3.1: an UpdateResult where a part failed', async () => {
    await city.register(city.beilun, exclusive(['powerState']));
    await city.hold(lamp({ height: 8 }));
    city.beilun.on('PATCH', `/entities/${LAMP}/attrs`, 500);
    const { id: _id, type: _type, ...both } = lamp({ powerState: 'on', height: 9 });
    const answer = await city.ask('PATCH', `/entities/${LAMP}/attrs`, both);
    expect(answer.statusCode, answer.body).toBe(207);
    const { updated, notUpdated } = answer.json();
    expect(updated).toEqual([expect.stringMatching(/height$/)]);
    expect(notUpdated).toMatchObject([{ attributeName: expect.stringMatching(/powerState$/) }]);
    expect(await city.held()).toMatchObject({ height: 9 });
  });
});

describe('4.3.6.3 a redirect source has what is registered, whole', () => {
  test('5.6.18: each of several is asked, nothing is held here', async () => {
    for (const source of [city.beilun, city.cixi]) {
      await city.register(source, { mode: 'redirect' });
      source.on('PUT', `/entities/${LAMP}`, 204);
    }
    const answer = await city.ask('PUT', `/entities/${LAMP}`, lamp({ height: 8 }));
    expect(answer.statusCode, answer.body).toBe(204);
    for (const { asked } of [city.beilun, city.cixi])
      expect(asked.map(({ body }) => body)).toEqual([lamp({ height: 8 })]);
    expect(await city.held()).toBe(404);
  });

  test('5.6.1: Conflict, and nothing here, where it takes no such request', async () => {
    await city.register(city.beilun, { mode: 'redirect', ...READ_ONLY });
    const made = await city.ask('POST', '/entities', lamp({ height: 8 }));
    expect(made.statusCode).toBe(409);
    expect(made.json()).toMatchObject({ type: `${ERROR}Conflict` });
    expect(await city.held()).toBe(404);
  });
});

describe('4.3.6.2 an inclusive source is told as well', () => {
  test('5.6.1: made there and here', async () => {
    await city.register(city.beilun);
    city.beilun.on('POST', '/entities', 201);
    const made = await city.ask('POST', '/entities', lamp({ height: 8 }));
    expect(made.statusCode, made.body).toBe(201);
    expect(city.beilun.asked).toHaveLength(1);
    expect(await city.held()).toMatchObject({ height: 8 });
  });

  test('5.6.1: it is passed over where it takes no such request', async () => {
    await city.register(city.beilun, READ_ONLY);
    expect((await city.ask('POST', '/entities', lamp({ height: 8 }))).statusCode).toBe(201);
    expect(city.beilun.asked).toEqual([]);
  });

  test.each([
    [201, 1],
    [409, 2],
  ])('5.6.1: there already here, and %d there: 207 with %d errors', async (theirs, errors) => {
    await city.register(city.beilun);
    await city.hold(lamp({ height: 8 }));
    city.beilun.on('POST', '/entities', theirs);
    const made = await city.ask('POST', '/entities', lamp({ height: 8 }));
    expect(made.statusCode, made.body).toBe(207);
    expect(made.headers.location).toMatch(LAMP);
    const told = made.json().errors as { error: { status: number } }[];
    expect(told.map(({ error }) => error.status)).toEqual(Array(errors).fill(409));
  });

  test('5.6.6: deleted there and not known here: 207 with what is not here', async () => {
    await city.register(city.beilun);
    city.beilun.on('DELETE', `/entities/${LAMP}`, 204);
    const gone = await city.ask('DELETE', `/entities/${LAMP}`);
    expect(gone.statusCode, gone.body).toBe(207);
    expect(gone.json().errors).toMatchObject([{ error: { status: 404 } }]);
  });

  test('4.3.6.2: an auxiliary source is never written to', async () => {
    await city.register(city.beilun, { mode: 'auxiliary', operations: ['retrieveOps'] });
    expect((await city.ask('POST', '/entities', lamp({ height: 8 }))).statusCode).toBe(201);
    expect((await city.ask('DELETE', `/entities/${LAMP}`)).statusCode).toBe(204);
    expect(city.beilun.asked).toEqual([]);
  });

  test('6.3.18: local=true tells nobody', async () => {
    await city.register(city.beilun);
    const made = await city.ask('POST', '/entities?local=true', lamp({ height: 8 }));
    expect(made.statusCode).toBe(201);
    expect(city.beilun.asked).toEqual([]);
  });
});

describe('5.6.7 to 5.6.10, 5.6.20 batches', () => {
  const two = [lamp({ height: 8 }), lamp({ height: 9 }, 'urn:ngsi-ld:Streetlight:beilun:2')];

  test('one batch a source, with what is its', async () => {
    await city.register(city.beilun, { mode: 'redirect' });
    city.beilun.on('POST', '/entityOperations/upsert', 204);
    const answer = await city.ask('POST', '/entityOperations/upsert?options=update', two);
    expect(answer.statusCode, answer.body).toBe(204);
    expect(city.beilun.asked).toHaveLength(1);
    expect(city.beilun.asked[0]?.query.get('options')).toBe('update');
    expect(city.beilun.asked[0]?.body).toEqual(two);
    expect(await city.held()).toBe(404);
  });

  test('5.6.7.4: entity by entity where a source takes only single ones', async () => {
    await city.register(city.beilun, { operations: ['createEntity'] });
    city.beilun.on('POST', '/entities', 201);
    const answer = await city.ask('POST', '/entityOperations/create', two);
    expect(answer.statusCode, answer.body).toBe(201);
    expect(city.beilun.asked.map(({ path }) => path)).toEqual(['/entities', '/entities']);
  });

  test('5.6.7.4: what a source says of each entity is merged', async () => {
    const registrationId = await city.register(city.beilun, { mode: 'redirect' });
    const error = { type: `${ERROR}AlreadyExists`, title: 'There already', status: 409 };
    city.beilun.on('POST', '/entityOperations/create', [
      207,
      { success: [two[0]!.id], errors: [{ entityId: two[1]!.id, error }] },
    ]);
    const answer = await city.ask('POST', '/entityOperations/create', two);
    expect(answer.statusCode, answer.body).toBe(207);
    expect(answer.json()).toMatchObject({
      success: [two[0]!.id],
      errors: [{ entityId: two[1]!.id, registrationId, error: { status: 409 } }],
    });
  });

  test.each([
    ['', 'PUT', `/entities/${LAMP}`, 'replaceEntity'],
    ['?options=update', 'PATCH', `/entities/${LAMP}/attrs`, 'updateEntity'],
  ] as const)(
    '5.6.8.4: an upsert%s is a creation, else a %s, where a source takes no batches',
    async (options, method, path, name) => {
      const [one] = [lamp({ height: 8 })];
      await city.register(city.beilun, { operations: ['createEntity', name] });
      city.beilun.on('POST', '/entities', 409);
      city.beilun.on(method, path, 204);
      const answer = await city.ask('POST', `/entityOperations/upsert${options}`, [one]);
      expect(answer.statusCode, answer.body).toBe(201);
      expect(city.beilun.asked.map((asked) => [asked.method, asked.path, asked.body])).toEqual([
        ['POST', '/entities', one],
        [method, path, one],
      ]);
      expect(city.beilun.asked[1]!.query.size).toBe(0);
    },
  );

  test('5.6.8.4: what is there already and cannot be replaced is an error of its own', async () => {
    const registrationId = await city.register(city.beilun, { operations: ['createEntity'] });
    city.beilun.on('POST', '/entities', 409);
    const one = lamp({ height: 8 });
    const answer = await city.ask('POST', '/entityOperations/upsert', [one]);
    expect(answer.statusCode, answer.body).toBe(207);
    expect(answer.json()).toMatchObject({ success: [LAMP], errors: [{ registrationId }] });
  });

  test('5.6.10: deletes by id', async () => {
    await city.register(city.beilun);
    for (const one of two) await city.hold(one);
    city.beilun.on('POST', '/entityOperations/delete', 204);
    const ids = two.map(({ id }) => id);
    const answer = await city.ask('POST', '/entityOperations/delete', ids);
    expect(answer.statusCode, answer.body).toBe(204);
    expect(city.beilun.asked.map(({ body }) => body)).toEqual([ids]);
  });
});

describe('5.6.21 purge', () => {
  test('goes on by type, and is done here', async () => {
    await city.register(city.beilun);
    await city.hold(lamp({ height: 8 }));
    city.beilun.on('DELETE', '/entities', 204);
    const answer = await city.ask('DELETE', '/entities?type=Streetlight');
    expect(answer.statusCode, answer.body).toBe(204);
    expect(city.beilun.asked[0]?.query.get('type')).toBe('Streetlight');
    expect(await city.held()).toBe(404);
  });
});
