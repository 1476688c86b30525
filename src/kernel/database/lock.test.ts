import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Lock, takeLock } from './lock.ts';

let home: string;
let path: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sanjiang-lock-'));
  path = join(home, 'db.lock');
});
afterEach(() => rmSync(home, { recursive: true }));

const change = (facts: object): void => {
  const holder = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...holder, ...facts }));
};

it('has one holder, and is free again when released', () => {
  const first = takeLock(path) as Lock;
  expect(takeLock(path)).toEqual({ heldBy: 'this process' });
  first.release();
  const second = takeLock(path) as Lock;
  second.release();
  expect(readdirSync(home)).toEqual([]);
});

it('is taken over from a process that died', () => {
  takeLock(path);
  change({ pid: spawnSync(process.execPath, ['-e', '']).pid, started: '1' });
  expect(takeLock(path)).toHaveProperty('release');
});

it('is taken over when another process has the pid now', () => {
  takeLock(path);
  change({ started: '1' });
  expect(takeLock(path)).toHaveProperty('release');
});

it('is taken over after this machine was restarted', () => {
  takeLock(path);
  change({ boot: 'before' });
  expect(takeLock(path)).toHaveProperty('release');
});

it('of another machine is respected while its holder is heard', () => {
  takeLock(path);
  change({ boot: 'elsewhere', host: 'other', pid: 1 });
  expect(takeLock(path)).toEqual({ heldBy: 'process 1 on other' });
});

it('a former holder does not release the lock of its successor', () => {
  const first = takeLock(path) as Lock;
  change({ started: '1' });
  takeLock(path);
  first.release();
  expect(takeLock(path)).toEqual({ heldBy: 'this process' });
});

it('that is half written or nonsense is taken over', () => {
  writeFileSync(path, '{"pid":');
  expect(takeLock(path)).toHaveProperty('release');
});
