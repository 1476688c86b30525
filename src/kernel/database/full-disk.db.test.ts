import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ensureTemplate, openDatabase } from './index.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const MB = 1_000_000;
const home = mkdtempSync(join(tmpdir(), 'sanjiang-full-'));

/** A small disk of our own; mounting one needs root on Linux. */
const mounted = ((): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=110m', 'tmpfs', home], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
afterAll(() => {
  if (mounted) execFileSync('umount', [home]);
  rmSync(home, { recursive: true, force: true });
});

it.skipIf(!mounted)(
  'a full disk refuses what it cannot keep, keeps what it took, and works again when there is room',
  async () => {
    const ballast = join(home, 'ballast');
    await using db = await openDatabase(
      { folder: join(home, 'db'), template: await ensureTemplate() },
      silent,
    );
    await db.query('create table promises (id int primary key, filler bytea)');
    const disk = statfsSync(home);
    writeFileSync(ballast, Buffer.alloc(disk.bavail * disk.bsize - 6 * MB));

    const promised: number[] = [];
    const refusals: unknown[] = [];
    for (let id = 0; refusals.length < 3; id += 1)
      await db
        .query('insert into promises values ($1, $2)', [
          id,
          crypto.getRandomValues(Buffer.alloc(50_000)),
        ])
        .then(
          () => promised.push(id),
          (refusal: unknown) => refusals.push(refusal),
        );
    for (const refusal of refusals) expect(refusal).toMatchObject({ kind: 'full' });

    rmSync(ballast);
    const kept = await expect
      .poll(() => db.query<{ id: number }>('select id from promises').catch(() => []), {
        timeout: 20_000,
      })
      .not.toEqual([])
      .then(() => db.query<{ id: number }>('select id from promises order by id'));
    expect(kept.map((row) => row.id)).toEqual(promised);
    await db.query('insert into promises values (-1, null)');
  },
  90_000,
);
