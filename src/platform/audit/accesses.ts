import { SYSTEM } from '#kernel/actor';
import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { type Clock, toInstant } from '#kernel/time';
import type { Access } from './index.ts';
import { insertEntry, toEntry } from './log/entries.ts';

/** What one write takes, and what may wait for it: beyond this, looks at personal data are refused rather than unnoted. */
const BATCH_ACCESSES_MAX = 500;
const WAITING_ACCESSES_MAX = 20_000;

type Row = {
  at: string;
  whose: string;
  actor_kind: string;
  actor: string;
  actor_name: string;
  bodies: readonly string[];
  on_behalf_of: string | null;
  action: string;
  subject_kind: string;
  subject: string;
  fields: readonly string[];
  purpose: string | null;
  request: string | null;
};

const toRow = ({ actor, ...access }: Access, at: string): Row => ({
  at,
  whose: access.whose,
  actor_kind: actor.kind,
  actor: actor.id,
  actor_name: actor.name,
  bodies: [...new Set(actor.bodies?.map((b) => b.body))],
  on_behalf_of: actor.onBehalfOf?.id ?? null,
  action: access.action,
  subject_kind: access.subject.kind,
  subject: access.subject.id,
  fields: access.fields,
  purpose: access.purpose ?? actor.purpose ?? null,
  request: access.request ?? null,
});

/** Rows and, in the log, one entry with their digest, so that no look can be taken out of the table unseen. */
const writeBatch = (database: Database, clock: Clock, rows: readonly Row[]): Promise<unknown> =>
  database.transaction(async ({ finish }) => {
    const batch = newId();
    const entry = toEntry(
      {
        actor: SYSTEM,
        action: 'audit.access',
        subject: { kind: 'access-batch', id: batch },
        outcome: 'done',
        after: rows,
        facts: { looks: rows.length },
      },
      clock.now(),
    );
    return finish([
      insertEntry(entry),
      {
        name: 'audit.accesses',
        text: `insert into audit.accesses (batch, at, whose, actor_kind, actor, actor_name, bodies, on_behalf_of, action,
                 subject_kind, subject, fields, purpose, request)
               select $1, r.at, r.whose, r.actor_kind, r.actor, r.actor_name,
                 array(select json_array_elements_text(r.bodies)), r.on_behalf_of, r.action, r.subject_kind, r.subject,
                 array(select json_array_elements_text(r.fields)), r.purpose, r.request
               from json_to_recordset($2::json) as r (at timestamptz, whose text, actor_kind text, actor text, actor_name text,
                 bodies json, on_behalf_of text, action text, subject_kind text, subject text, fields json, purpose text,
                 request text)`,
        values: [batch, JSON.stringify(rows)],
      },
    ]);
  });

type Waiting = { row: Row; done: () => void; fail: (error: unknown) => void };

/** Notes looks at personal data. While one write runs, what arrives waits and shares the next. */
export const openAccesses = (database: Database, clock: Clock) => {
  let waiting: Waiting[] = [];
  let running: Promise<void> | undefined;

  const work = async () => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH_ACCESSES_MAX);
      waiting = waiting.slice(BATCH_ACCESSES_MAX);
      try {
        await writeBatch(
          database,
          clock,
          batch.map((w) => w.row),
        );
        for (const { done } of batch) done();
      } catch (error) {
        for (const { fail } of batch) fail(error);
      }
    }
    running = undefined;
  };

  return {
    record: async (accesses: readonly Access[]): Promise<void> => {
      if (waiting.length + accesses.length > WAITING_ACCESSES_MAX)
        throw new Refusal('unavailable', 'Too many looks at personal data wait to be noted.');
      const at = toInstant(clock.now());
      const noted = accesses.map(
        (access) =>
          new Promise<void>((done, fail) => {
            waiting.push({ row: toRow(access, at), done, fail });
          }),
      );
      running ??= work();
      await Promise.all(noted);
    },
    close: async () => {
      await running;
    },
  };
};
