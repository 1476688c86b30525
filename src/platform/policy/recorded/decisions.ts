import { createHash } from 'node:crypto';
import type { Database } from '#kernel/database';
import type { Logger } from '#kernel/log';
import { type Clock, toInstant } from '#kernel/time';
import { keyOf } from '../cedar/actor.ts';
import type { Decision } from '../cedar/engine.ts';
import type { Question } from '../contract.ts';

const WRITE_EVERY_MS = 2_000;
/** Of those that come between two writes; the rest is not needed for a sample. */
const WAITING_MAX = 500;
const KEPT_MAX = 5_000;
const DAYS_MAX = 30;

const ADD = `
  insert into policy.decisions (key, question, allowed, at)
  select * from unnest($1::text[], $2::jsonb[], $3::boolean[], $4::timestamptz[])
  on conflict (key) do update set allowed = excluded.allowed, at = excluded.at`;
const TRIM = `
  delete from policy.decisions where at < now() - make_interval(days => ${DAYS_MAX})
    or key in (select key from policy.decisions order by at desc offset ${KEPT_MAX})`;

export type Recorded = { readonly question: Question; readonly allowed: boolean };

/** A bounded sample of what was asked and answered: one of a kind, the latest 5,000, for a month. Names are left out. */
export const openRecorded = (database: Database, clock: Clock, log: Logger) => {
  let waiting = new Map<string, Recorded & { at: string }>();
  let timer: NodeJS.Timeout | undefined;

  const write = async (): Promise<void> => {
    const rows = [...waiting];
    waiting = new Map();
    if (rows.length === 0) return;
    await database.query(ADD, [
      rows.map(([key]) => key),
      rows.map(([, { question }]) => JSON.stringify(question)),
      rows.map(([, { allowed }]) => allowed),
      rows.map(([, { at }]) => at),
    ]);
  };

  return {
    note: (question: Question, { allowed }: Decision): void => {
      if (waiting.size >= WAITING_MAX) return;
      const { actor, action, resource, purpose } = question;
      const text = JSON.stringify([action, resource, purpose, keyOf(actor)]);
      const key = createHash('sha256').update(text).digest('base64url');
      const nameless = { ...question, actor: { ...actor, name: '' } };
      waiting.set(key, { question: nameless, allowed, at: toInstant(clock.now()) });
    },
    /** The latest first. */
    list: async (): Promise<Recorded[]> => {
      await write();
      return database.query<Recorded>(
        `select question, allowed from policy.decisions order by at desc limit ${KEPT_MAX}`,
      );
    },
    trim: async (): Promise<void> => {
      await database.query(TRIM);
    },
    start: (): void => {
      timer = setInterval(() => {
        write().catch((error: unknown) => log.warn({ err: error }, 'decisions cannot be kept'));
      }, WRITE_EVERY_MS).unref();
    },
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await write();
    },
  };
};
