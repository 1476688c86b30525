import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ensureTemplate, openDatabase } from '#kernel/database';
import { openTestHouse } from '../../../../test/house.ts';
import audit from '../module.ts';
import { splitLines, verifyExport } from '../verifier/verify.ts';

const ROUNDS = 3;
const LIMIT_MS = 120_000;
const child = join(import.meta.dirname, 'killed.child.ts');
const quiet = { info: () => {}, warn: () => {}, error: () => {} };

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sanjiang-killed-'));
  cpSync(await ensureTemplate(), join(folder, 'db'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lets the house write for a while and kills it; answers what it acknowledged. */
const writeAndKill = async (first: number, forMs: number): Promise<string[]> => {
  const house = spawn(process.execPath, [child, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DATA_DIR: folder },
  });
  const said: string[] = [];
  const lines = createInterface(house.stdout);
  const ended = new Promise<void>((resolve) => lines.on('close', resolve));
  await new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      said.push(line);
      resolve();
    });
  });
  await pause(forMs);
  house.kill('SIGKILL');
  await ended;
  expect(said.shift()).toBe('ready');
  return said;
};

test(
  'kill -9 between an act and its place in the tree loses nothing and places nothing twice',
  async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < ROUNDS; round++)
      acknowledged.push(...(await writeAndKill(round * 1_000_000, 500 + 330 * round)));
    expect(acknowledged.length).toBeGreaterThan(ROUNDS);

    await using database = await openDatabase({ folder: join(folder, 'db') }, quiet);
    await using house = await openTestHouse({
      modules: [audit],
      database,
      env: { DATA_DIR: folder },
    });
    await vi.waitFor(
      async () => expect(await database.query('select 1 from audit.pending')).toEqual([]),
      { timeout: 30_000, interval: 100 },
    );
    const placed = await database.query<{ subject: string }>(
      'select e.subject from audit.leaves l join audit.entries e on e.id = l.entry',
    );
    const subjects = placed.map((row) => row.subject);
    expect(new Set(subjects).size).toBe(subjects.length);
    expect(acknowledged.filter((id) => !subjects.includes(id))).toEqual([]);

    const { rawPayload } = await house.app.inject('/api/audit/export?personal=true');
    const verdict = await verifyExport(splitLines([rawPayload]));
    expect(verdict.fault).toBeUndefined();
    expect(verdict.keys).toHaveLength(1);
    expect(verdict.entries).toBe(placed.length);
  },
  LIMIT_MS,
);
