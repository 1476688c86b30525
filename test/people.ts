import { readConfig } from '#kernel/config';
import { type House, openHouse } from '#kernel/boot';
import { type Database, type Engine, openTestDatabase } from '#kernel/database';
import type { Gate } from '#kernel/http';
import { isWithinScopes, ANONYMOUS, type Role } from '#kernel/actor';
import { openLog } from '#kernel/log';
import type { Module } from '#kernel/module';
import { type Clock, systemClock, toInstant } from '#kernel/time';
import type { Identity } from '#platform/identity';
import { hashSync } from '@node-rs/argon2';
import { testFolder } from './folder.ts';

/** Cheap on purpose: these tests are not about guessing. */
const COST = { memoryCost: 4096, timeCost: 1, parallelism: 1 };
export const PASSWORD = 'tide-and-three-rivers';

type Wanted = {
  readonly modules: readonly Module[];
  readonly engine: Engine;
  readonly clock?: Clock;
  readonly env?: Readonly<Record<string, string>>;
  readonly database?: Database;
};

type Call = { status: number; body: never; headers: Record<string, unknown>; cookies: unknown[] };

/** A house that asks who comes, and people in it. */
export const openHouseOfPeople = async ({
  modules,
  engine,
  clock = systemClock,
  env,
  database,
}: Wanted) => {
  const own = database ?? (await openTestDatabase(engine));
  const house: House = await openHouse({
    modules,
    config: readConfig({
      LOG_LEVEL: 'silent',
      PORT: '0',
      DEMO: 'off',
      DATA_DIR: testFolder(),
      ...env,
    }),
    clock,
    log: openLog('silent'),
    version: '0.0.0-test',
    quiet: true,
    database: own,
    gate: (apis): Gate => ({
      identify: (apis['identity'] as Identity).identify,
      allows: (actor, action) => {
        const grant = modules.find((m) => m.actions[action])?.actions[action]?.grant ?? ['anyone'];
        const { roles } = isWithinScopes(actor, action) ? actor : ANONYMOUS;
        return roles.some((role) => role === 'administrator' || grant.includes(role));
      },
    }),
  });
  const hash = hashSync(PASSWORD, COST);
  const cookies = new Map<string, string>();

  const call = async (
    who: string | undefined,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    payload?: object,
    headers: Record<string, string> = {},
  ): Promise<Call> => {
    const cookie = who === undefined ? undefined : cookies.get(who);
    const answer = await house.app.inject({
      method,
      url: path.startsWith('/') ? path : `/api/identity/${path}`,
      headers: { ...(cookie && { cookie }), ...headers },
      ...(payload && { payload }),
    });
    const isJson = String(answer.headers['content-type']).includes('json');
    return {
      status: answer.statusCode,
      body: (isJson ? answer.json() : answer.body) as never,
      headers: answer.headers,
      cookies: answer.cookies,
    };
  };

  return {
    house,
    call,
    cookieOf: (who: string): string => cookies.get(who) ?? '',
    /** Adds people, by their sign-in names, and signs them in. Answers their ids. */
    add: async (
      people: Readonly<Record<string, readonly Role[]>>,
    ): Promise<Record<string, string>> => {
      for (const [name, roles] of Object.entries(people))
        await own.query(
          `insert into identity.people (id, name, password_hash, roles, created_at, assurance)
           values ($1, $1, $2, $3, $4, 'contact')`,
          [name, hash, roles, toInstant(clock.now())],
        );
      for (const name of Object.keys(people)) {
        const answer = await call(undefined, 'POST', 'sessions', { name, password: PASSWORD });
        const [cookie] = answer.cookies as { name: string; value: string }[];
        cookies.set(name, `${cookie!.name}=${cookie!.value}`);
      }
      return Object.fromEntries(Object.keys(people).map((name) => [name, name]));
    },
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      if (!database) await own[Symbol.asyncDispose]();
    },
  };
};
export type HouseOfPeople = Awaited<ReturnType<typeof openHouseOfPeople>>;
