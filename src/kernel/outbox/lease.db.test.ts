import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { migrate, openTestDatabase } from '#kernel/database';
import { appendEvents } from './index.ts';

const CHILD = new URL('./lease.child.ts', import.meta.url).pathname;
const MIGRATIONS = new URL('./migrations', import.meta.url).pathname;
const server = process.env['TEST_DATABASE_URL'];
const LEASE_MS = 900;
/** Longer than the lease: only renewals keep it. */
const HANDLE_MS = 1_300;
const EVENTS = 24;

type Span = { process: number; seqs: number[]; started: string; ended: string | null };

test.skipIf(!server)(
  'two processes share a consumer: one at a time, in order, and the other goes on when one is killed (PostgreSQL)',
  { timeout: 90_000 },
  async () => {
    await using database = await openTestDatabase('postgres');
    await migrate(database, [{ schema: 'kernel', folder: MIGRATIONS }]);
    await database.query(`create table public.spans (id bigint generated always as identity primary key,
      process integer not null, seqs bigint[] not null, started timestamptz not null, ended timestamptz)`);
    const [row] = await database.query<{ name: string }>('select current_database() as name');
    const url = new URL(server!);
    url.pathname = `/${row!.name}`;
    const children: ChildProcess[] = [];
    const start = async () => {
      const child = spawn(
        process.execPath,
        [CHILD, url.href, String(LEASE_MS), String(HANDLE_MS)],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      children.push(child);
      await once(child.stdout!, 'data');
    };
    const spans = () =>
      database.query<Span>('select process, seqs, started, ended from public.spans order by id');
    const busy = async () => (await spans()).find(({ ended }) => ended === null)?.process;
    try {
      await start();
      await start();
      const writing = (async () => {
        for (let n = 0; n < EVENTS; n++) {
          await database.transaction(({ sql }) =>
            appendEvents(sql, [{ tenant: '', type: 't', key: 'k', data: n }]),
          );
          await pause(150);
        }
      })();
      await expect.poll(busy, { timeout: 20_000 }).toBeTypeOf('number');
      await pause(HANDLE_MS / 2);
      const killed = (await busy()) ?? children[0]!.pid!;
      process.kill(killed, 'SIGKILL');
      await writing;
      const taken = async () =>
        new Set((await spans()).flatMap(({ seqs, ended }) => (ended === null ? [] : seqs))).size;
      await expect.poll(taken, { timeout: 30_000, interval: 100 }).toBe(EVENTS);

      const all = await spans();
      const whole = all.filter(({ ended }) => ended !== null);
      for (const [i, span] of whole.entries()) {
        const next = whole[i + 1];
        if (next) expect(span.ended! <= next.started, JSON.stringify([span, next])).toBe(true);
      }
      const order = whole.filter(({ process: p }) => p !== killed).flatMap(({ seqs }) => seqs);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      expect(new Set(order).size).toBe(order.length);
      expect(new Set(all.map(({ process: p }) => p)).size).toBe(2);
    } finally {
      for (const child of children) {
        const ended = child.exitCode ?? child.signalCode ?? once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }
    }
  },
);
