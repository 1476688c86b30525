import fs, { cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { postgis } from '@electric-sql/pglite-postgis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DURABLE_PARAMS, DurableFolder } from './durable-folder.ts';
import { ensureTemplate, openDatabase } from './index.ts';
import { meterBytes } from './meter.ts';
import { openEngine, selfTest } from './pglite-engine.ts';
import { simpleQuery } from './wire.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };
let home: string;
let template: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'sanjiang-power-'));
  template = await ensureTemplate();
}, 60_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A copy that receives a file only when it is synced: what a disk holds after the power went, at the very least. */
const openWithShadow = async (startParams: string[]) => {
  const live = mkdtempSync(join(home, 'live-'));
  const shadow = mkdtempSync(join(home, 'shadow-'));
  cpSync(template, live, { recursive: true });
  cpSync(template, shadow, { recursive: true });
  let walSyncs = 0;
  const disk = new DurableFolder(live, {
    synced: (path) => {
      if (path.includes('/pg_wal/')) walSyncs += 1;
      if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return;
      const copy = join(shadow, relative(live, path));
      mkdirSync(dirname(copy), { recursive: true });
      cpSync(path, copy);
    },
    walWritten: () => {},
    failed: () => {},
  });
  const pg = await PGlite.create({ fs: disk, startParams, extensions: { postgis } });
  return { pg, shadow, walSyncs: () => walSyncs };
};

it('what was acknowledged is on the disk, were the power cut at that moment', async () => {
  const { pg, shadow } = await openWithShadow(DURABLE_PARAMS);
  await pg.exec('create table promises (id int primary key, filler text)');
  for (let id = 0; id < 60; id += 1) {
    await pg.query(`insert into promises values ($1, repeat('x', 5000))`, [id]);
    if (id === 20) await pg.exec('checkpoint');
    if (id === 40) await pg.exec('create index on promises (filler text_pattern_ops)');
  }
  // The power goes: the live folder is abandoned without a close.
  await using db = await openDatabase({ folder: shadow }, silent);
  expect(
    await db.query('select count(*) as n, sum(length(filler)) as length from promises'),
  ).toEqual([{ n: 60, length: 300_000 }]);
}, 60_000);

it('an engine that does not sync is refused at start', async () => {
  const asShipped = await openWithShadow(PGlite.defaultStartParams);
  await expect(selfTest(asShipped.pg, asShipped.walSyncs)).rejects.toThrow('without fsync');
  await asShipped.pg.close();
}, 60_000);

it('settings that promise a sync which never comes are refused at start', async () => {
  // fdatasync is a constant in PGlite, so a hook that is not called looks just like this.
  const params = DURABLE_PARAMS.map((p) =>
    p === 'wal_sync_method=fsync' ? 'wal_sync_method=fdatasync' : p,
  );
  const unhooked = await openWithShadow(params);
  await expect(selfTest(unhooked.pg, () => 0)).rejects.toThrow('without fsync');
  await unhooked.pg.close();
  const silentHook = await openWithShadow(DURABLE_PARAMS);
  await expect(selfTest(silentHook.pg, () => 0)).rejects.toThrow('did not reach the disk');
  await silentHook.pg.close();
}, 60_000);

it('a commit whose sync failed is never answered, and a new start finds what was answered before', async () => {
  const folder = join(mkdtempSync(join(home, 'eio-')), 'db');
  cpSync(template, folder, { recursive: true });
  const engine = await openEngine(folder, meterBytes());
  const before = await engine.run(simpleQuery('create table promises as select 1 as id'));
  expect(before.fault).toBeUndefined();

  const sync = fs.fdatasyncSync;
  fs.fdatasyncSync = () => {
    throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });
  };
  syncBuiltinESMExports();
  try {
    const after = await engine.run(simpleQuery('insert into promises values (2)'));
    expect(after.fault?.sentence).toContain('the disk refused a sync of');
    // Whatever comes next, this engine answers nothing more.
    expect((await engine.run(simpleQuery('select 1'))).fault).toBeDefined();
  } finally {
    fs.fdatasyncSync = sync;
    syncBuiltinESMExports();
  }

  await using db = await openDatabase({ folder }, silent);
  expect(await db.query('select id from promises where id = 1')).toEqual([{ id: 1 }]);
}, 60_000);
