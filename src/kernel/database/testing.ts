import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { must } from '#kernel/errors';
import type { Database, DatabaseLog, Engine } from './index.ts';
import { openDatabase } from './open.ts';
import { ensureTemplate } from './template.ts';

const quiet: DatabaseLog = { info: () => {}, warn: () => {}, error: () => {} };

/** The engines that tests run on here: PostgreSQL joins where TEST_DATABASE_URL names a server that may create databases. */
export const testEngines: readonly Engine[] = process.env['TEST_DATABASE_URL']
  ? ['pglite', 'postgres']
  : ['pglite'];

/** A fresh, empty database with PostGIS that vanishes when disposed of. */
export const openTestDatabase = (
  engine: Engine = 'pglite',
  settings: { queryTimeoutMs?: number; connections?: number } = {},
): Promise<Database> => (engine === 'pglite' ? embedded(settings) : onServer(settings));

type Limits = { queryTimeoutMs?: number; connections?: number };

const embedded = async (limits: Limits): Promise<Database> => {
  const template = await ensureTemplate();
  const home = mkdtempSync(join(tmpdir(), 'sanjiang-test-'));
  const db = await openDatabase({ folder: join(home, 'db'), template, ...limits }, quiet);
  return disposing(db, async () => rmSync(home, { recursive: true, force: true }));
};

const onServer = async (limits: Limits): Promise<Database> => {
  const server = process.env['TEST_DATABASE_URL'];
  must(server, 'TEST_DATABASE_URL names no server');
  const name = `sanjiang_test_${randomUUID().replaceAll('-', '')}`;
  const order = async (text: string): Promise<void> => {
    const client = new Client({ connectionString: server });
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  await order(`create database ${name} template template0 encoding 'UTF8'`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const db = await openDatabase({ url: url.href, folder: '', ...limits }, quiet);
  return disposing(db, () => order(`drop database ${name} with (force)`));
};

const disposing = (db: Database, after: () => Promise<void>): Database => ({
  ...db,
  [Symbol.asyncDispose]: async () => {
    await db[Symbol.asyncDispose]();
    await after();
  },
});
