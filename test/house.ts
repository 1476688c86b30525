import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '#kernel/config';
import { type Database, type Engine, openTestDatabase } from '#kernel/database';
import { type House, openHouse } from '#kernel/boot';
import { openLog } from '#kernel/log';
import type { Actor } from '#kernel/actor';
import type { Module } from '#kernel/module';
import audit from '../src/platform/audit/module.ts';
import policy from '../src/platform/policy/module.ts';
import { fixedClock, systemClock } from '#kernel/time';

/** What other modules stand on, where a test names only what it is about. */
const GROUND: readonly Module[] = [audit, policy];

const withGround = (modules: readonly Module[]): Module[] => {
  const isThere = (id: string) => modules.some((m) => m.provides.id === id);
  const lacking = modules.flatMap((m) => m.uses.filter(({ id }) => !isThere(id)));
  const added = GROUND.filter((m) => lacking.some(({ id }) => id === m.provides.id));
  return added.length > 0 ? withGround([...modules, ...added]) : [...modules];
};

type Wanted = {
  readonly modules: readonly Module[];
  /** Where the clock stands; the system's where none is given. */
  readonly at?: string;
  readonly engine?: Engine;
  /** A database with something in it already; the caller's to close. */
  readonly database?: Database;
  /** Who asks, where the modules under test have no identity of their own; may do everything. */
  readonly actor?: Actor;
  readonly env?: Readonly<Record<string, string>>;
};

const OPERATOR: Actor = {
  kind: 'person',
  id: 'operator',
  name: 'Operator',
  roles: ['administrator'],
};

/** A house in process, on a database of its own: everything real but the clock and, unless named, who asks. */
export const openTestHouse = async ({
  modules: named,
  at,
  engine,
  database: given,
  actor = OPERATOR,
  env = {},
}: Wanted): Promise<House> => {
  const modules = withGround(named);
  const database = given ?? (await openTestDatabase(engine));
  const folder = mkdtempSync(join(tmpdir(), 'sanjiang-house-'));
  const house = await openHouse({
    modules,
    config: readConfig({
      DATA_DIR: folder,
      LOG_LEVEL: 'silent',
      PORT: '0',
      DEMO: 'off',
      MQTT_PORT: '0',
      ...env,
    }),
    clock: at ? fixedClock(at) : systemClock,
    log: openLog('silent'),
    version: '0.0.0-test',
    quiet: true,
    database,
    gate: () => ({
      identify: async () => actor,
      allows: (who, action) =>
        who.roles.includes('administrator') ||
        modules.some((m) => m.actions[action]?.grant.some((r) => who.roles.includes(r))),
    }),
  });
  return {
    ...house,
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      if (!given) await database[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
