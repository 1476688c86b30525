import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureTemplate, openDatabase } from './index.ts';

const ROUNDS = 3;
const child = join(import.meta.dirname, 'crash.child.ts');
const silent = { info: () => {}, warn: () => {}, error: () => {} };

let home: string;
let folder: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'sanjiang-crash-'));
  folder = join(home, 'db');
  const template = await ensureTemplate();
  await (await openDatabase({ folder, template }, silent))[Symbol.asyncDispose]();
}, 60_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Starts a writer and collects what it says; `ready` resolves when it writes or ends. */
const write = (first: number) => {
  const said: string[] = [];
  const writer = spawn(process.execPath, [child, folder, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(writer.stdout);
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      said.push(line);
      resolve();
    });
  });
  const ended = new Promise<void>((resolve) => lines.on('close', resolve));
  return { said, ready, ended, kill: () => writer.kill('SIGKILL') };
};

it('kill -9 in the middle of writing loses nothing that was acknowledged', async () => {
  const promised = new Set<number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const writer = write(round * 1_000_000);
    await writer.ready;
    await pause(300 + 150 * round);
    if (round === 1) {
      // While it runs, no second process gets in.
      const second = write(0);
      await second.ended;
      expect(second.said.join()).toMatch(/refused: The data folder .+ is in use by process \d+/);
    }
    writer.kill();
    await writer.ended;
    expect(writer.said[0]).toBe('ready');
    for (const id of writer.said.slice(1)) promised.add(Number(id));
  }

  await using db = await openDatabase({ folder }, silent);
  const rows = await db.query<{ id: number; filler: string }>('select id, filler from promises');
  const kept = new Set(rows.map((row) => row.id));
  expect(promised.size).toBeGreaterThan(ROUNDS * 50);
  expect([...promised].filter((id) => !kept.has(id))).toEqual([]);
  expect(rows.filter((row) => row.filler !== 'kept')).toEqual([]);
}, 60_000);
