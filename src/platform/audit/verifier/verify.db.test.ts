import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Actor } from '#kernel/actor';
import type { House } from '#kernel/boot';
import { openTestHouse } from '../../../../test/house.ts';
import type { Audit } from '../index.ts';
import audit from '../module.ts';
import { splitLines, verifyExport } from './verify.ts';

const CORRUPTIONS = 10_000;
const CLERK: Actor = { kind: 'person', id: 'clerk-1', name: '王芳 \u2028', roles: ['person'] };

let house: House;
let log: Audit;
let whole: Buffer;
let part: Buffer;
let keptHead: string;

const settled = () =>
  vi.waitFor(
    async () => expect(await house.database.query('select 1 from audit.pending')).toEqual([]),
    { timeout: 5000, interval: 50 },
  );
const write = async (from: number, to: number) => {
  await house.database.transaction(async ({ sql }) => {
    for (let i = from; i < to; i++)
      await log.record(sql, {
        actor: CLERK,
        action: 'books.changed',
        subject: { kind: 'book', id: `book-${i}` },
        outcome: 'done',
        before: { n: i },
        after: { n: i + 1 },
        facts: { shelf: '三江' },
        purpose: 'keeping-books',
      });
  });
  await settled();
};
const get = async (path: string) => {
  const answer = await house.app.inject(`/api/audit${path}`);
  expect(answer.statusCode).toBe(200);
  return answer;
};
const verify = (bytes: Buffer, known = {}) => verifyExport(splitLines([bytes]), known);
const edited = (bytes: Buffer, from: string, to: string) => {
  const text = bytes.toString();
  expect(text).toContain(from);
  return Buffer.from(text.replace(from, to));
};

beforeAll(async () => {
  house = await openTestHouse({ modules: [audit] });
  log = house.apis['audit'] as Audit;
  await write(0, 5);
  await write(5, 9);
  keptHead = (await get('/heads?limit=1')).json().items[0].note;
  await write(9, 21);
  whole = (await get('/export?personal=true')).rawPayload;
  await settled(); // the export itself is an act
  part = (await get('/export?personal=true&first=4&end=11')).rawPayload;
});
afterAll(() => house[Symbol.asyncDispose]());

describe('an export', () => {
  test('of the whole log is found to be good, with the heads and keys that signed it', async () => {
    const verdict = await verify(whole);
    expect(verdict.fault).toBeUndefined();
    expect(verdict.entries).toBe(22); // and the key that was taken up
    expect(verdict.heads).toBeGreaterThanOrEqual(3);
    expect(verdict.keys).toHaveLength(1);
    expect(verdict.newest?.size).toBe(22);
  });

  test('of a part is proved entry by entry', async () => {
    const verdict = await verify(part);
    expect(verdict).toMatchObject({ entries: 7, heads: 1, withoutContent: 0, withoutPersonal: 0 });
    expect(verdict.fault).toBeUndefined();
  });

  test('without what is personal is as good, and names nobody', async () => {
    const bare = (await get('/export')).rawPayload;
    expect(bare.toString()).not.toContain('clerk');
    expect(bare.toString()).not.toContain('book-7');
    const verdict = await verify(bare);
    expect(verdict.fault).toBeUndefined();
    expect(verdict.withoutPersonal).toBe(verdict.entries);
  });

  test('continues a head that somebody kept, and a head of another history is noticed', async () => {
    expect((await verify(whole, { head: keptHead })).fault).toBeUndefined();
    const other = await verify(whole, { head: keptHead.replace('time 2', 'time 3') });
    expect(other.fault?.why).toMatch(/kept/);
  });

  test('signed by another key than the one expected is refused', async () => {
    await using stranger = await openTestHouse({ modules: [audit] });
    const { keys } = (await stranger.app.inject('/api/audit/state')).json();
    expect((await verify(whole, { key: keys[0].verifier })).fault?.at).toBe('file');
  });
});

test('an altered entry is named', async () => {
  const verdict = await verify(edited(whole, 'book-7', 'book-8'));
  expect(verdict.fault).toMatchObject({ at: { entry: 8 }, why: /personal part/ as never });
});

test('a log rewritten with fitting hashes does not fit what was signed', async () => {
  const lines = whole.toString().split('\n');
  const at = lines.findIndex((line) => line.includes('"index":8'));
  const removed = lines.toSpliced(at, 1).join('\n');
  expect((await verify(Buffer.from(removed))).fault).toMatchObject({ at: { entry: 8 } });
});

test.each([
  ['whole', () => whole],
  ['part', () => part],
])(
  'every one of 10,000 single changed bits of a %s export is found, at its line or just after',
  async (_, of) => {
    const good = of();
    const rounds = CORRUPTIONS / 2;
    // A fixed sequence (Lehmer), so that a failure can be repeated.
    let seed = 20_261_123;
    const below = (n: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % n;
    };
    const lineOf = (byte: number) => good.subarray(0, byte).toString('latin1').split('\n').length;
    const missed: string[] = [];
    for (let i = 0; i < rounds; i++) {
      const bytes = Buffer.from(good);
      const byte = below(good.length);
      bytes[byte]! ^= 1 << below(8);
      const { fault } = await verify(bytes);
      if (!fault || Math.abs(fault.line - lineOf(byte)) > 1) missed.push(`${byte}: ${fault?.why}`);
    }
    expect(missed).toEqual([]);
  },
);

test('the verifier shares no code with the log', () => {
  const folder = new URL('./', import.meta.url);
  for (const file of readdirSync(folder).filter((name) => !name.includes('.test.')))
    for (const [, from] of readFileSync(new URL(file, folder), 'utf8').matchAll(/from '([^']+)'/g))
      expect(from).toMatch(/^(?:node:crypto|\.\/[a-z]+\.ts)$/);
});
