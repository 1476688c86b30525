import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Actor } from '#kernel/actor';
import type { House } from '#kernel/boot';
import { type Database, openTestDatabase, testEngines } from '#kernel/database';
import { systemClock } from '#kernel/time';
import { openTestHouse } from '../../../test/house.ts';
import type { Entry, EntryProved, Receipt } from './contract.ts';
import type { Audit } from './index.ts';
import { keepRetention } from './keeping.ts';
import audit from './module.ts';
import { splitLines, verifyExport } from './verifier/verify.ts';
import { isConsistent, isIncluded, leafHash } from './verifier/tree.ts';

const FANG: Actor = {
  kind: 'person',
  id: 'p-fang',
  name: 'fang',
  roles: ['person'],
  bodies: [{ body: 'water', post: 'clerk' }],
};
const LEI: Actor = { kind: 'person', id: 'p-lei', name: 'lei', roles: ['person'] };

const placed = (database: Database) =>
  vi.waitFor(async () => expect(await database.query('select 1 from audit.pending')).toEqual([]), {
    timeout: 5000,
    interval: 50,
  });

describe.each(testEngines)('the log on %s', (engine) => {
  let house: House;
  let log: Audit;
  const get = async <T>(path: string): Promise<T> => {
    const answer = await house.app.inject(`/api/audit${path}`);
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json() as T;
  };
  beforeAll(async () => {
    house = await openTestHouse({
      modules: [audit],
      engine,
      actor: { ...LEI, roles: ['administrator'] },
    });
    log = house.apis['audit'] as Audit;
    for (const [actor, action, id] of [
      [FANG, 'gates.opened', 'gate-1'],
      [LEI, 'gates.closed', 'gate-1'],
      [FANG, 'gatesmith.called', 'gate-2'],
    ] as const)
      await house.database.transaction(({ sql }) =>
        log.record(sql, {
          actor,
          action,
          subject: { kind: 'gate', id },
          outcome: 'done',
          before: { open: false },
          after: { open: true },
        }),
      );
    await log.recordAlone({
      actor: FANG,
      action: 'gates.opened',
      subject: { kind: 'gate', id: 'gate-3\0\ud800' },
      outcome: 'refused',
    });
    await placed(house.database);
  });
  afterAll(() => house[Symbol.asyncDispose]());

  const subjectsOf = async (question: string) =>
    (await get<{ items: Entry[] }>(`/entries?${question}`)).items.map((e) => e.subject.id);

  test('is read by who, what, to what and how it ended', async () => {
    expect(await subjectsOf('actor=p-fang')).toEqual(['gate-3\uFFFD\uFFFD', 'gate-2', 'gate-1']);
    expect(await subjectsOf('actor=fang&action=gates')).toEqual(['gate-3\uFFFD\uFFFD', 'gate-1']);
    expect(await subjectsOf('action=gates.closed')).toEqual(['gate-1']);
    expect(await subjectsOf('subject=gate-2')).toEqual(['gate-2']);
    expect(await subjectsOf('outcome=refused')).toEqual(['gate-3\uFFFD\uFFFD']);
    expect(await subjectsOf('to=2020-01-01T00:00:00%2B08:00')).toEqual([]);
    const first = await get<{ items: Entry[]; next: number }>('/entries?limit=2');
    const second = await get<{ items: Entry[] }>(`/entries?limit=2&below=${first.next}`);
    expect(first.items[1]!.id).toBeGreaterThan(second.items[0]!.id);
  });

  test('proves each entry, and that it grew only at its end', async () => {
    const { items } = await get<{ items: Entry[] }>('/entries?actor=fang');
    const entry = await get<EntryProved>(`/entries/${items[1]!.id}`);
    const root = Buffer.from(entry.head!.root, 'hex');
    const proof = entry.proof.map((hash) => Buffer.from(hash, 'hex'));
    const at = { index: entry.index!, size: entry.head!.size, proof, root };
    expect(isIncluded(leafHash(entry.content), at)).toBe(true);
    expect(entry.content).not.toContain('gate-2');

    const { items: heads } = await get<{ items: { size: number; root: string }[] }>('/heads');
    const [newest, oldest] = [heads[0]!, heads.at(-1)!];
    const grown = await get<{ proof: string[] }>(
      `/consistency?first=${oldest.size}&second=${newest.size}`,
    );
    expect(
      isConsistent({
        first: oldest.size,
        second: newest.size,
        proof: grown.proof.map((hash) => Buffer.from(hash, 'hex')),
        firstRoot: Buffer.from(oldest.root, 'hex'),
        secondRoot: Buffer.from(newest.root, 'hex'),
      }),
    ).toBe(true);
  });

  test('refuses what it has not', async () => {
    for (const [path, status] of [
      ['/entries/999999', 404],
      ['/consistency?first=1&second=999999', 400],
      ['/consistency?first=3&second=2', 400],
      ['/export?first=3&end=999999', 400],
      ['/entries?colour=red', 400],
    ] as const)
      expect((await house.app.inject(`/api/audit${path}`)).statusCode, path).toBe(status);
  });

  test('tells a person who looked at what they did, and nobody else', async () => {
    await log.recordAccess(
      Array.from({ length: 30 }, (_, i) => ({
        actor: FANG,
        action: 'people.see',
        whose: i % 2 ? LEI.id : FANG.id,
        subject: { kind: 'person', id: 'x' },
        fields: ['telephone'],
        purpose: 'keeping-books',
      })),
    );
    const { items, next } = await get<{ items: Receipt[]; next: number | null }>(
      '/receipts?limit=10',
    );
    expect(items).toHaveLength(10);
    expect(next).not.toBeNull();
    expect(items[0]).toMatchObject({
      actor: { kind: 'person', name: 'fang' },
      bodies: ['water'],
      fields: ['telephone'],
      purpose: 'keeping-books',
    });
    const rest = await get<{ items: Receipt[]; next: number | null }>(
      `/receipts?limit=10&below=${next}`,
    );
    expect(rest.items).toHaveLength(5);
    expect(rest.next).toBeNull();
  });
});

test('what is past its time is given up, its hash stays, and the erased go after half a year', async () => {
  await using database = await openTestDatabase();
  const act = (actor: Actor) =>
    ({
      actor,
      action: 'gates.opened',
      subject: { kind: 'gate', id: 'g' },
      outcome: 'done',
    }) as const;
  const dayAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  for (const [days, actor] of [
    [400, LEI],
    [200, FANG],
    [200, LEI],
    [1, FANG],
  ] as const) {
    await using house = await openTestHouse({ modules: [audit], database, at: dayAgo(days) });
    await (house.apis['audit'] as Audit).recordAlone(act(actor));
    await placed(database);
  }
  await using house = await openTestHouse({ modules: [audit], database });
  const log = house.apis['audit'] as Audit;
  await database.transaction(({ sql }) => log.forget(sql, FANG.id));
  const past = await keepRetention(database, systemClock, 365);
  // The first house's key was taken up 400 days ago, too.
  expect(past).toMatchObject({ entries: 2, erasedEntries: 1 });
  await placed(database);

  const { rawPayload } = await house.app.inject('/api/audit/export?personal=true');
  const verdict = await verifyExport(splitLines([rawPayload]));
  expect(verdict.fault).toBeUndefined();
  expect(verdict).toMatchObject({ withoutContent: 2, withoutPersonal: 1 });
  const said = rawPayload.toString();
  expect(said.split('p-fang')).toHaveLength(2);
});
