import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, migrate, openTestDatabase, testEngines } from '#kernel/database';
import { systemClock } from '#kernel/time';
import { parseEntity } from '../entity/parse.ts';
import { coreNames } from '../jsonld/compile.ts';
import type { Operation } from '../operations.ts';
import { openRecent } from './recent.ts';
import { findEntity } from './find.ts';
import { openWriter } from './write.ts';

const fragment = (id: string, attributes: object) =>
  parseEntity({ id, type: 'Meter', ...attributes }, coreNames);
const create = (id: string): Operation => ({ kind: 'create', entity: fragment(id, {}) });
const append = (id: string, attributes: object): Operation => ({
  kind: 'append',
  entity: fragment(id, attributes),
});

describe.each(testEngines)('two processes that remember what they wrote, on %s', (engine) => {
  let database: Database;
  const open = () => openWriter(database, systemClock, () => {});

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    await migrate(database, [
      { schema: 'kernel', folder: 'src/kernel/outbox/migrations' },
      { schema: 'context', folder: 'src/platform/context/migrations' },
    ]);
  }, 60_000);
  afterAll(() => database?.[Symbol.asyncDispose]());

  it('lose no attribute that the other wrote', async () => {
    const writers = [open(), open(), open()];
    const ids = ['urn:meter:1', 'urn:meter:2', 'urn:meter:3'];
    await writers[0]!.write(ids.map(create));
    for (let round = 0; round < 10; round += 1)
      await Promise.all(
        writers.map((writer, w) =>
          // In another order in each: they may also wait for each other.
          writer.write(
            ids.map((_, i) =>
              append(ids[(i + w) % 3]!, {
                [`by${w}r${round}`]: { type: 'Property', value: round },
              }),
            ),
          ),
        ),
      );
    for (const id of ids) {
      const entity = await findEntity(database, id);
      expect(Object.keys(entity!.attributes)).toHaveLength(30);
    }
  });

  it('find many at once, each its own', async () => {
    const ids = Array.from({ length: 300 }, (_, n) => `urn:many:${n}`);
    await open().write(ids.map(create));
    const found = await Promise.all(
      [...ids, 'urn:many:none', ids[7]!].map((id) => findEntity(database, id)),
    );
    expect(found.map((entity) => entity?.id)).toEqual([...ids, undefined, ids[7]]);
    expect(await findEntity(database, ids[0]!, 'other')).toBeUndefined();
  });

  it('refuse nothing because of what is only remembered', async () => {
    const [one, other] = [open(), open()];
    const id = 'urn:meter:4';
    await one.write([create(id)]);
    await other.write([{ kind: 'delete', id }]);
    expect(await one.write([append(id, {})])).toMatchObject([{ reason: 'not-found' }]);
    expect(await one.write([create(id)])).toMatchObject([{ done: 'created' }]);
    await other.write([{ kind: 'delete', id }]);
    expect(await one.write([create(id)])).toMatchObject([{ done: 'created' }]);
    await other.write([append(id, { level: { type: 'Property', value: 1 } })]);
    expect(await one.write([{ kind: 'delete', id }])).toMatchObject([{ done: 'deleted' }]);
    expect(await findEntity(database, id)).toBeUndefined();
  });
});

it('remembers a bounded amount, the last of all', async () => {
  const recents = openRecent();
  const entity = fragment('urn:meter:1', {}) as never;
  for (let n = 0; n < 100; n += 1)
    recents.keep(`m${n}`, { entity, xid: '1', expires: false, size: 1024 * 1024 });
  expect(recents.get('m99')).toBeDefined();
  expect(recents.get('m80')).toBeUndefined();
});
