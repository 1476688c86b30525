import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { openTestDatabase } from '#kernel/database';
import type { App } from '#kernel/http';
import type { Importer } from '#kernel/module';
import { openHouse } from '#kernel/boot';
import { readConfig } from '#kernel/config';
import { ANONYMOUS } from '#kernel/actor';
import { openLog } from '#kernel/log';
import { systemClock } from '#kernel/time';
import type { Audit } from '#platform/audit';
import audit from '../platform/audit/module.ts';
import { addImports } from './imports.ts';

const BYTES_MAX = 100_000;
const folder = mkdtempSync(join(tmpdir(), 'sanjiang-imports-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Counts what reaches it, a chunk a step. */
const counter = (taken: { bytes: number }): Importer => ({
  id: 'count',
  title: { zh: '计数', en: 'Count' },
  run: async function* (body) {
    let done = 0;
    for await (const chunk of body) {
      taken.bytes += (chunk as Buffer).length;
      yield { done: ++done, refused: 0, checkpoint: taken.bytes };
    }
  },
});

test('a file larger than allowed is refused, and one that hides its size is cut off at the limit', async () => {
  await using database = await openTestDatabase();
  const taken = { bytes: 0 };
  await using house = await openHouse({
    modules: [audit],
    config: readConfig({ LOG_LEVEL: 'silent', PORT: '0', DATA_DIR: folder }),
    clock: systemClock,
    log: openLog('silent'),
    version: '0',
    quiet: true,
    database,
    gate: () => ({ identify: async () => ANONYMOUS, allows: () => true }),
    decorate: async (app: App, { apis }) =>
      addImports(app, database, [counter(taken)], apis['audit'] as Audit, BYTES_MAX),
  });
  const url = await house.app.listen({ host: '127.0.0.1', port: 0 });
  const send = (body: NonNullable<RequestInit['body']>, digit: string) =>
    fetch(`${url}/api/house/imports/count?content=${digit.repeat(64)}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/octet-stream' },
      duplex: 'half',
    } as RequestInit);
  const chunks = (count: number) =>
    Readable.toWeb(
      Readable.from(Array.from({ length: count }, () => Buffer.alloc(10_000))),
    ) as unknown as NonNullable<RequestInit['body']>;

  expect((await send(new Uint8Array(BYTES_MAX + 1), 'a')).status).toBe(413);
  expect(taken.bytes).toBe(0);

  const last = (text: string) => JSON.parse(text.trim().split('\n').at(-1)!);
  expect(last(await (await send(chunks(10), 'b')).text())).toMatchObject({ finished: true });
  taken.bytes = 0;
  const cut = last(await (await send(chunks(30), 'c')).text());
  expect(cut).toMatchObject({ error: `More than ${BYTES_MAX} bytes were sent.` });
  expect(taken.bytes).toBeLessThanOrEqual(BYTES_MAX);
});
