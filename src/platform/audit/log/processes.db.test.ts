import { expect, test } from 'vitest';
import { openTestDatabase, testEngines } from '#kernel/database';
import { openLog } from '#kernel/log';
import { systemClock } from '#kernel/time';
import { openTestHouse } from '../../../../test/house.ts';
import type { Act, Audit } from '../index.ts';
import audit from '../module.ts';
import { splitLines, verifyExport } from '../verifier/verify.ts';
import { ensureKey, originOf } from './keys.ts';
import { sequence } from './sequencer.ts';

const ACTS = 120;
const PROCESSES = 4;

test.each(testEngines)(
  'processes that sequence at once on %s give each entry one place, in one tree',
  async (engine) => {
    await using database = await openTestDatabase(engine);
    await using house = await openTestHouse({
      modules: [audit],
      database,
      env: { ROLE: 'server' },
    });
    const log = house.apis['audit'] as Audit;
    const origin = await originOf(database);
    const needs = { database, clock: systemClock, log: openLog('silent'), origin };
    const key = await ensureKey(needs, { dataDir: '', given: KEY });

    const act = (n: number): Act => ({
      actor: { kind: 'person', id: 'p', name: 'p', roles: [] },
      action: 'books.changed',
      subject: { kind: 'book', id: String(n) },
      outcome: 'done',
    });
    const written = { all: false };
    const write = async () => {
      for (let n = 0; n < ACTS; n += 4)
        await Promise.all([n, n + 1, n + 2, n + 3].map((i) => log.recordAlone(act(i))));
      written.all = true;
    };
    const place = async (): Promise<void> => {
      const last = written.all;
      const found = await sequence({ ...needs, key });
      if (!last || found > 0) await place();
    };
    await Promise.all([write(), ...Array.from({ length: PROCESSES }, place)]);
    await place();

    expect(await database.query('select 1 from audit.pending')).toEqual([]);
    const { rawPayload } = await house.app.inject('/api/audit/export?personal=true');
    const verdict = await verifyExport(splitLines([rawPayload]));
    expect(verdict.fault).toBeUndefined();
    expect(verdict.entries).toBe(ACTS + 1); // and the key that was taken up
  },
);

/** An Ed25519 key for tests alone (PKCS #8 DER). */
const KEY = 'MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g';
