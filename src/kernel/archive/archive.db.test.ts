import { describe, expect, test, vi } from 'vitest';
import { type Database, openTestDatabase, testEngines } from '#kernel/database';
import { migrateHouse, schemasOf } from '#kernel/boot';
import { openTestHouse } from '../../../test/house.ts';
import { splitLines, verifyExport } from '#platform/audit';
import audit from '../../platform/audit/module.ts';
import context from '../../platform/context/module.ts';
import policy from '../../platform/policy/module.ts';
import { readArchive, writeArchive } from './index.ts';

const MODULES = [audit, policy, context];
const schemas = schemasOf(MODULES);
const at = '2026-08-01T00:00:00.000Z';

const archiveOf = async (database: Database): Promise<string[]> => {
  const lines: string[] = [];
  await writeArchive(database, async (line) => void lines.push(line.trimEnd()), {
    schemas,
    version: '1',
    at,
  });
  return lines;
};
const stream = async function* (lines: readonly string[]) {
  yield* lines;
};
const openEmpty = async (engine: (typeof testEngines)[number]) => {
  const database = await openTestDatabase(engine);
  await migrateHouse(database, MODULES);
  return database;
};

describe.each(testEngines)('an archive on %s', (engine) => {
  const lived = async () => {
    const house = await openTestHouse({ modules: [context], engine });
    for (let n = 0; n < 20; n++)
      await house.app.inject({
        method: 'POST',
        url: '/ngsi-ld/v1/entities',
        payload: {
          id: `urn:a:${n}`,
          type: 'T',
          名: '三江口',
          n,
          location: { type: 'Point', coordinates: [121.5, 29.8 + n / 1000] },
        },
      });
    return house;
  };
  const picture = (database: Database) =>
    database.query(
      'select id, attributes, location::text as location, created_at from context.entities order by id',
    );

  test('put into an empty house is the same house, and it goes on counting', async () => {
    await using house = await lived();
    await vi.waitFor(async () =>
      expect(await house.database.query('select 1 from audit.heads')).not.toEqual([]),
    );
    const lines = await archiveOf(house.database);
    await using copy = await openEmpty(engine);
    await readArchive(copy, stream(lines));
    expect(await picture(copy)).toEqual(await picture(house.database));
    const [next] = await copy.query<{ seq: number }>(
      `insert into kernel.outbox (tenant, type, key, data) values ('', 't', 'k', '{}') returning seq`,
    );
    expect(next?.seq).toBe(21);
    await using again = await openTestHouse({ modules: [context], database: copy });
    const read = await again.app.inject('/ngsi-ld/v1/entities/urn:a:3');
    expect(read.json()).toMatchObject({ id: 'urn:a:3' });

    // Its audit log goes on from where it was, with the key of this house besides that of the former.
    await vi.waitFor(async () => {
      const { rawPayload } = await again.app.inject('/api/audit/export');
      const { fault, keys } = await verifyExport(splitLines([rawPayload]));
      expect(fault).toBeUndefined();
      expect(keys).toHaveLength(2);
    }, 10_000);
  }, 60_000);

  test('cut, altered or into a lived-in house, nothing is taken', async () => {
    await using house = await lived();
    const lines = await archiveOf(house.database);
    await using copy = await openEmpty(engine);
    await expect(readArchive(copy, stream(lines.slice(0, -1)))).rejects.toThrow(/no end/);
    const altered = lines.map((line) => line.replace('三江口', '三江囗'));
    await expect(readArchive(copy, stream(altered))).rejects.toThrow(/altered/);
    expect(await picture(copy)).toEqual([]);
    await expect(readArchive(house.database, stream(lines))).rejects.toThrow(/lived in/);
  }, 60_000);

  test('what is no archive is refused with a sentence, and reaches no table', async () => {
    await using house = await lived();
    const lines = await archiveOf(house.database);
    await using copy = await openEmpty(engine);
    const take = (some: readonly string[]) => readArchive(copy, stream(some));
    await expect(take(lines.slice(1))).rejects.toMatchObject({ kind: 'invalid' });
    await expect(take(['id,name', '1,x'])).rejects.toMatchObject({ kind: 'invalid' });
    await expect(take(['null'])).rejects.toMatchObject({ kind: 'invalid' });
    await expect(take(['{"rows":[["x"]]}'])).rejects.toMatchObject({ kind: 'invalid' });
    await expect(take([])).rejects.toMatchObject({ kind: 'invalid' });
    await expect(take([lines[0]!, ...lines])).rejects.toMatchObject({ kind: 'invalid' });
    const hostile = lines.map((line) =>
      line.replace('"type":"bigint"', '"type":"bigint); drop table kernel.outbox; --"'),
    );
    expect(hostile).not.toEqual(lines);
    await expect(take(hostile)).rejects.toMatchObject({ kind: 'invalid' });
    await readArchive(copy, stream(lines));
    expect(await picture(copy)).toEqual(await picture(house.database));
  }, 60_000);
});
