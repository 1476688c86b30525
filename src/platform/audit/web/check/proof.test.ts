import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSigningKey } from '../../log/key.ts';
import { hashLeaf } from '../../merkle/hash.ts';
import { append, inclusionPath, type Node, placesOf, rootOf } from '../../merkle/tree.ts';
import type { EntryProved } from '../entries.ts';
import { checkEntry } from './proof.ts';

const ORIGIN = 'sanjiang/a-house/audit';
const SIZE = 13;
const INDEX = 9;
const SALT = 'ab'.repeat(32);
const PERSONAL = '{"actor":{"id":"p-1","name":"王芳"},"subject":{"id":"gate-1"}}';

const folder = mkdtempSync(join(tmpdir(), 'sanjiang-proof-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let entry: EntryProved;
let verifier: string;
beforeAll(async () => {
  const personal = createHmac('sha256', Buffer.from(SALT, 'hex'))
    .update(`personal\n${PERSONAL}`)
    .digest('hex');
  const contents = Array.from({ length: SIZE }, (_, i) => JSON.stringify({ i, personal }));
  const leaves = contents.map((content) => hashLeaf(Buffer.from(content)));
  const { peaks, full } = append([], 0, leaves);
  const nodes = new Map<string, Buffer>(leaves.map((leaf, i) => [`0/${i}`, leaf]));
  const keep = ({ level, position, hash }: Node) => nodes.set(`${level}/${position}`, hash);
  full.forEach(keep);
  const root = rootOf(peaks.map((p) => p.hash));
  const key = await openSigningKey(ORIGIN, { dataDir: folder, given: undefined });
  verifier = key.verifier;
  const note = key.sign(
    `${ORIGIN}\n${SIZE}\n${root.toString('base64')}\ntime 2026-01-01T00:00:00.000Z\n`,
  );
  const proof = inclusionPath(INDEX, SIZE).map((range) =>
    rootOf(placesOf(range).map((p) => nodes.get(`${p.level}/${p.position}`)!)).toString('hex'),
  );
  entry = {
    id: 1,
    index: INDEX,
    at: '2026-01-01T00:00:00.000Z',
    action: 'gates.opened',
    outcome: 'done',
    actor: { kind: 'person', id: 'p-1', name: '王芳' },
    subject: { kind: 'gate', id: 'gate-1' },
    onBehalfOf: null,
    client: null,
    facts: {},
    purpose: null,
    request: null,
    changed: false,
    content: contents[INDEX]!,
    salt: SALT,
    personal: PERSONAL,
    hash: leaves[INDEX]!.toString('hex'),
    head: { size: SIZE, root: root.toString('hex'), at: '', key: key.id, note },
    proof,
  };
});

const check = (change: Partial<EntryProved> = {}) =>
  checkEntry({ ...entry, ...change }, [verifier]);

test('a good entry holds from its content to the signature', async () => {
  expect(await check()).toEqual({
    leaf: 'good',
    personal: 'good',
    path: 'good',
    signature: 'good',
  });
  expect(await check({ personal: null, salt: null })).toMatchObject({ personal: 'leftOut' });
});

test('what was altered anywhere does not hold there', async () => {
  const { head, proof, content } = entry;
  expect(await check({ content: content.replace('9', '8') })).toMatchObject({
    leaf: 'bad',
    path: 'bad',
  });
  expect(await check({ personal: PERSONAL.replace('王', '李') })).toMatchObject({
    personal: 'bad',
  });
  expect(await check({ proof: proof.slice(1) })).toMatchObject({ path: 'bad', leaf: 'good' });
  expect(await check({ proof: [...proof, proof[0]!] })).toMatchObject({ path: 'bad' });
  expect(await check({ index: INDEX - 1 })).toMatchObject({ path: 'bad' });
  const later = { ...head!, note: head!.note.replace('2026', '2027') };
  expect(await check({ head: later })).toMatchObject({ signature: 'bad' });
  expect(await check({ head: { ...head!, size: SIZE + 1 } })).toMatchObject({ signature: 'bad' });
  expect(await checkEntry(entry, [])).toMatchObject({ signature: 'bad' });
});
