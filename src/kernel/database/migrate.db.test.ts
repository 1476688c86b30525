import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, migrate, openTestDatabase, testEngines } from './index.ts';

describe.each(testEngines)('migrations on %s', (engine) => {
  const home = mkdtempSync(join(tmpdir(), 'sanjiang-migrations-'));
  const transport = { schema: 'transport', folder: join(home, 'transport') };
  const energy = { schema: 'energy', folder: join(home, 'energy') };
  const write = (folder: string, name: string, sql: string) =>
    writeFileSync(join(folder, name), sql);
  let db: Database;

  beforeAll(async () => {
    for (const { folder } of [transport, energy]) mkdirSync(folder);
    write(
      transport.folder,
      '0001_stops.sql',
      'create table stops (id text primary key, at geometry(point, 4326));',
    );
    write(
      transport.folder,
      '0002_lines.sql',
      'create table lines (id text); insert into lines values ($$1$$);',
    );
    write(energy.folder, '0001_meters.sql', 'create table meters (\n  id text);');
    db = await openTestDatabase(engine);
  }, 60_000);
  afterAll(async () => {
    await db[Symbol.asyncDispose]();
    rmSync(home, { recursive: true });
  });

  it('two servers that start at once run each file once', async () => {
    const runs = await Promise.all([
      migrate(db, [transport, energy]),
      migrate(db, [transport, energy]),
    ]);
    expect(runs.flatMap((run) => run.applied).toSorted()).toEqual([
      'energy/0001_meters.sql',
      'transport/0001_stops.sql',
      'transport/0002_lines.sql',
    ]);
    expect(await db.query('select count(*) as n from transport.lines')).toEqual([{ n: 1 }]);
    expect(await migrate(db, [transport, energy])).toEqual({ applied: [] });
  });

  it('a file that fails leaves nothing behind and names itself', async () => {
    write(energy.folder, '0002_broken.sql', 'create table prices (id text); select nonsense;');
    await expect(migrate(db, [energy])).rejects.toThrow('energy/0002_broken.sql');
    expect(await db.query(`select to_regclass('energy.prices') as t`)).toEqual([{ t: null }]);
    rmSync(join(energy.folder, '0002_broken.sql'));
  });

  it('the search path of a migration does not reach the next statement', async () => {
    await expect(db.query('select * from stops')).rejects.toThrow('does not exist');
  });

  it('a changed file is refused by name', async () => {
    write(energy.folder, '0001_meters.sql', 'create table meters (id int);');
    await expect(migrate(db, [energy])).rejects.toThrow('energy/0001_meters.sql was changed');
    write(energy.folder, '0001_meters.sql', 'create table meters (\n  id text);');
  });

  it('other line ends are not a change', async () => {
    write(energy.folder, '0001_meters.sql', 'create table meters (\r\n  id text);');
    expect(await migrate(db, [energy])).toEqual({ applied: [] });
  });

  it('a database newer than the code is refused', async () => {
    rmSync(join(transport.folder, '0002_lines.sql'));
    await expect(migrate(db, [transport])).rejects.toThrow(
      'newer than this code: it has transport/0002_lines.sql',
    );
  });
});
