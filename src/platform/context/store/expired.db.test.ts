import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, migrate, openTestDatabase, testEngines } from '#kernel/database';
import { fixedClock, toInstant } from '#kernel/time';
import { parseEntity } from '../entity/parse.ts';
import { coreNames } from '../jsonld/compile.ts';
import type { Operation } from '../operations.ts';
import { sweepExpired } from './expired.ts';
import { openWriter } from './write.ts';

const HOUR_MS = 3_600_000;

describe.each(testEngines)('what has expired, on %s', (engine) => {
  let database: Database;
  const clock = fixedClock(toInstant(Date.now()));
  const soon = toInstant(Date.now() + HOUR_MS);
  const open = () => openWriter(database, clock, () => {});
  const create = (id: string, more: object = {}): Operation => ({
    kind: 'create',
    entity: parseEntity({ id, type: 'Alert', ...more }, coreNames),
  });
  const told = (id: string) =>
    database.query<{ op: string; types: string[] }>(
      `select data ->> 'op' as op from kernel.outbox where data ->> 'id' = $1 order by seq`,
      [id],
    );

  beforeAll(async () => {
    database = await openTestDatabase(engine);
    await migrate(database, [
      { schema: 'kernel', folder: 'src/kernel/outbox/migrations' },
      { schema: 'context', folder: 'src/platform/context/migrations' },
    ]);
  }, 60_000);
  afterAll(() => database?.[Symbol.asyncDispose]());

  test('is absent for every writer before anybody sweeps, and its deletion is told first', async () => {
    const [one, other] = [open(), open()];
    await one.write([create('urn:alert:1', { expiresAt: soon, level: 1 })]);
    clock.advanceMs(2 * HOUR_MS);
    for (const writer of [other, one]) {
      const outcomes = await writer.write([
        { kind: 'merge', entity: parseEntity({ id: 'urn:alert:1', type: 'Alert' }, coreNames) },
      ]);
      expect(outcomes).toMatchObject([{ done: 'refused', reason: 'not-found' }]);
    }
    expect(await other.write([create('urn:alert:1')])).toMatchObject([{ done: 'created' }]);
    expect(await told('urn:alert:1')).toMatchObject([
      { op: 'create' },
      { op: 'delete' },
      { op: 'create' },
    ]);
  });

  test('is swept with history and event, attribute by attribute too, and nothing else is', async () => {
    const writer = open();
    const later = toInstant(clock.now().getTime() + HOUR_MS);
    const level = { type: 'Property', value: 1, expiresAt: later };
    await writer.write([
      create('urn:alert:2', { expiresAt: later }),
      create('urn:alert:3', { level, name: { type: 'Property', value: 'x', source: level } }),
      create('urn:alert:4', { expiresAt: toInstant(clock.now().getTime() + 9 * HOUR_MS) }),
    ]);
    await sweepExpired(database, writer.write, clock);
    expect(await told('urn:alert:2')).toHaveLength(1);
    clock.advanceMs(2 * HOUR_MS);
    await sweepExpired(database, writer.write, clock);
    await sweepExpired(database, open().write, clock);
    expect(await told('urn:alert:2')).toMatchObject([{ op: 'create' }, { op: 'delete' }]);
    expect(await told('urn:alert:3')).toMatchObject([{ op: 'create' }, { op: 'update' }]);
    expect(await told('urn:alert:4')).toHaveLength(1);
    const rows = await database.query<{ id: string; attributes: object }>(
      `select id, attributes from context.entities where id in ('urn:alert:2', 'urn:alert:3')`,
    );
    expect(rows).toMatchObject([
      { id: 'urn:alert:3', attributes: { ':name': [{ type: 'Property', value: 'x' }] } },
    ]);
    expect(JSON.stringify(rows)).not.toContain('source');
    const history = await database.query<{ op: string }>(
      `select op from context.history where entity = 'urn:alert:2' order by seq`,
    );
    expect(history.map(({ op }) => op)).toEqual(['create', 'delete']);
  });
});
