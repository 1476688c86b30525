import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSTEM } from '../src/kernel/actor/index.ts';
import { openTestDatabase, testEngines } from '../src/kernel/database/index.ts';
import { openLog } from '../src/kernel/log/index.ts';
import { systemClock } from '../src/kernel/time/index.ts';
import type { Act, Audit } from '../src/platform/audit/index.ts';
import { ensureKey, originOf } from '../src/platform/audit/log/keys.ts';
import { proveInclusion } from '../src/platform/audit/log/proofs.ts';
import { sequence } from '../src/platform/audit/log/sequencer.ts';
import audit from '../src/platform/audit/module.ts';
import { splitLines, verifyExport } from '../src/platform/audit/verifier/verify.ts';
import { openTestHouse } from '../test/house.ts';
import type { Bench } from './row.ts';

const TRANSACTIONS = 400;
const ENTRIES = 20_000;
const PER_TRANSACTION = 500;
const PROOFS = 200;

const act = (n: number): Act => ({
  actor: { ...SYSTEM, kind: 'person', id: 'p-1', name: 'clerk' },
  action: 'sensing.device-changed',
  subject: { kind: 'device', id: `device-${n}` },
  outcome: 'done',
  before: { id: `device-${n}`, owner: 'water', expectedSeconds: 60 },
  after: { id: `device-${n}`, owner: 'transport', expectedSeconds: 30 },
  request: '00000000-0000-4000-8000-000000000000',
});

const timesOf = async (count: number, work: (n: number) => Promise<unknown>) => {
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const began = performance.now();
    await work(n);
    times.push(performance.now() - began);
  }
  return times.toSorted((a, b) => a - b);
};
const half = (sorted: readonly number[]) => sorted[Math.floor(sorted.length / 2)] ?? 0;

/** What an act costs its transaction, how fast entries get their places, and how long a proof takes. */
export const bench: Bench = async (report) => {
  for (const engine of testEngines) {
    await using database = await openTestDatabase(engine);
    // A server only answers: the entries wait until this bench gives them their places.
    await using house = await openTestHouse({
      modules: [audit],
      database,
      env: { ROLE: 'server' },
    });
    const log = house.apis['audit'] as Audit;
    await database.query('create table public.books (n int primary key, owner text)');
    const change = (withProof: boolean) => (n: number) =>
      database.transaction(async ({ sql }) => {
        await sql.query(
          `insert into public.books values ($1, 'water') on conflict (n) do update set owner = 'transport'`,
          [n],
        );
        if (withProof) await log.record(sql, act(n));
      });
    await timesOf(50, change(true));
    const bare = half(await timesOf(TRANSACTIONS, change(false)));
    const proved = half(await timesOf(TRANSACTIONS, change(true)));
    report({ metric: `${engine}: a change without proof, p50`, value: bare, unit: 'ms' });
    report({
      metric: `${engine}: the same with its entry, p50`,
      value: proved,
      unit: 'ms',
      ratio: proved / bare,
      against: 'the change alone',
    });

    for (let n = 0; n < ENTRIES; n += PER_TRANSACTION)
      await database.transaction(async ({ sql }) => {
        for (let i = 0; i < PER_TRANSACTION; i++) await log.record(sql, act(n + i));
      });
    const origin = await originOf(database);
    const where = { dataDir: mkdtempSync(join(tmpdir(), 'sanjiang-bench-')), given: undefined };
    const key = await ensureKey({ database, clock: systemClock, origin }, where);
    rmSync(where.dataDir, { recursive: true });
    const began = performance.now();
    let placed = 0;
    for (;;) {
      const found = await sequence({
        database,
        clock: systemClock,
        log: openLog('silent'),
        origin,
        key,
      });
      if (found === 0) break;
      placed += found;
    }
    const rate = placed / ((performance.now() - began) / 1000);
    report({ metric: `${engine}: entries given their places`, value: rate, unit: '1/s' });

    const proofs = await timesOf(PROOFS, (n) =>
      proveInclusion(database, (n * 7919) % placed, placed),
    );
    report({
      metric: `${engine}: proof in ${placed} entries, p50`,
      value: half(proofs),
      unit: 'ms',
    });

    const { rawPayload } = await house.app.inject('/api/audit/export?personal=true');
    const opened = performance.now();
    const verdict = await verifyExport(splitLines([rawPayload]));
    if (verdict.fault) throw new Error(`the log does not hold: ${verdict.fault.why}`);
    const seconds = (performance.now() - opened) / 1000;
    report({
      metric: `${engine}: verified by the verifier`,
      value: verdict.entries / seconds,
      unit: 'entries/s',
    });
  }
};
