import type { Database, Sql } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { newId } from '#kernel/ids';
import type { Act, Audit, By } from '#platform/audit';
import { type Clock, toInstant } from '#kernel/time';
import { checkId } from '../../entity/parse.ts';
import type { Names } from '../../jsonld/compile.ts';
import { checkExpiry } from '../../subscriptions/check.ts';
import { checkRules } from './check.ts';
import { compileRegistration } from './compile.ts';
import { checkAgainst, checkEntities } from './conflicts.ts';
import { checkShape, toWritable } from './document.ts';
import { type Kept, toFullNames } from './full-names.ts';
import type { Registration } from './model.ts';
import { tellChange } from './notices.ts';
import { announce, listCompiled, STORED, type Stored, takeTurn } from './rows.ts';

/** Every request of a client is held against each of them. */
const REGISTRATIONS_MAX = 1_000;
/** Kept in the memory of every process. */
const DOCUMENT_CHARACTERS_MAX = 100_000;
/** At most so many go at once when their time is over; the rest a minute later. */
const EXPIRED_ROWS_MAX = 100;
const NULLS = new Set<unknown>([null, 'urn:ngsi-ld:null']);

type Json = Record<string, unknown>;
type Asked = {
  readonly tenant: string;
  readonly names: Names;
  readonly context?: unknown;
  readonly by: By;
};

const isObject = (json: unknown): json is Json =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** Members that are a value as a whole, however many members they have. */
const WHOLE = new Set(['location', 'observationSpace', 'operationSpace']);

/** JSON merge patch (clause 5.5.8): objects within are gone into, lists and places are replaced, null removes. */
const merge = (target: Json, patch: Json): Json => {
  const merged: Json = { ...target };
  for (const [member, value] of Object.entries(patch))
    if (NULLS.has(value)) delete merged[member];
    else if (isObject(value) && isObject(merged[member]) && !WHOLE.has(member))
      merged[member] = merge(merged[member], value);
    else merged[member] = value;
  return merged;
};

const unknown = (id: string) => new Refusal('not-found', `There is no registration ${id}.`);

/** Checked and made ready. Throws Refusal('invalid' | 'too-large'). */
const ready = (json: Json, tenant: string, id: string): Registration => {
  const document = checkShape(json);
  checkRules(document);
  if (JSON.stringify(document).length > DOCUMENT_CHARACTERS_MAX)
    throw new Refusal(
      'too-large',
      `A registration has at most ${DOCUMENT_CHARACTERS_MAX} characters.`,
    );
  return compileRegistration(document as Kept, tenant, id);
};

/** Clauses 4.3.6.3 and 5.9.2.4. Throws Refusal('conflict'). */
const checkConflicts = async (sql: Sql, registration: Registration): Promise<void> => {
  checkAgainst(registration, await listCompiled(sql, registration.tenant));
  await checkEntities(sql, registration);
};

export type RegistrationNeeds = {
  readonly database: Database;
  readonly clock: Clock;
  readonly audit: Pick<Audit, 'record'>;
  /** After each change: the registry forgets what it knew, and deliveries are looked for. */
  readonly changed: () => void;
};

export const openRegistrations = ({ database, clock, audit, changed }: RegistrationNeeds) => {
  const note = (sql: Sql, by: By, done: string, id: string, facts: Partial<Act>) =>
    audit.record(sql, {
      ...by,
      action: `context.registration-${done}`,
      subject: { kind: 'context-source-registration', id },
      outcome: 'done',
      ...facts,
    });

  const change = async <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
    const done = await database.transaction(async ({ sql }) => {
      await takeTurn(sql);
      const result = await work(sql);
      await announce(sql);
      return result;
    });
    changed();
    return done;
  };

  const readOne = async (sql: Sql, id: string, tenant: string): Promise<Kept> => {
    const { rows } = await sql.query<{ document: Kept }>(
      'select document from context.registrations where tenant = $1 and id = $2',
      [tenant, id],
    );
    if (!rows[0]) throw unknown(id);
    return rows[0].document;
  };

  const drop = async (sql: Sql, id: string, tenant: string, document: Kept): Promise<void> => {
    await sql.query('delete from context.registrations where tenant = $1 and id = $2', [
      tenant,
      id,
    ]);
    await sql.query('delete from context.registrations_health where tenant = $1 and id = $2', [
      tenant,
      id,
    ]);
    const before = compileRegistration(document, tenant, id);
    await tellChange(sql, { before, at: clock.now() });
  };

  return {
    /** Throws Refusal('not-found'). */
    get: async (id: string, tenant: string): Promise<Stored> => {
      const [row] = await database.query<Stored>(
        `${STORED} where r.tenant = $1 and r.id = $2 and (r.expires_at is null or r.expires_at > $3)`,
        [tenant, id, toInstant(clock.now())],
      );
      if (!row) throw unknown(id);
      return row;
    },

    /** Those of these ids, in the order of their ids. */
    list: (tenant: string, ids: readonly string[]): Promise<Stored[]> =>
      database.query<Stored>(`${STORED} where r.tenant = $1 and r.id = any($2) order by r.id`, [
        tenant,
        ids,
      ]),

    /** Clause 5.9.2. Answers the id. Throws Refusal('invalid' | 'conflict' | 'too-large' | 'too-many'). */
    add: async (json: unknown, { tenant, names, context, by }: Asked): Promise<string> => {
      const writable = toWritable(json);
      const id =
        writable['id'] === undefined
          ? `urn:ngsi-ld:ContextSourceRegistration:${newId()}`
          : checkId(writable['id']);
      const now = clock.now();
      checkExpiry(writable['expiresAt'], now);
      const registration = ready(toFullNames({ ...writable, id }, names), tenant, id);
      const { document } = registration;
      await change(async (sql) => {
        const { rows } = await sql.query<{ count: number }>(
          'select count(*) as count from context.registrations',
        );
        if ((rows[0]?.count ?? 0) >= REGISTRATIONS_MAX)
          throw new Refusal(
            'too-many',
            `There are ${REGISTRATIONS_MAX} registrations; one must go first.`,
          );
        const made = await sql.query(
          `insert into context.registrations (tenant, id, document, context, created_at, modified_at, expires_at)
           values ($1, $2, $3, $4, $5, $5, $6) on conflict do nothing`,
          [
            tenant,
            id,
            JSON.stringify(document),
            JSON.stringify(context ?? null),
            toInstant(now),
            document.expiresAt ?? null,
          ],
        );
        if (made.rowCount === 0) throw new Refusal('conflict', `The registration ${id} exists.`);
        await checkConflicts(sql, registration);
        await tellChange(sql, { after: registration, at: now });
        await note(sql, by, 'added', id, { after: document });
      });
      return id;
    },

    /** Clause 5.9.3: a merge patch. Throws Refusal('not-found' | 'invalid' | 'conflict'). */
    update: (id: string, json: unknown, { tenant, names, by }: Asked): Promise<void> =>
      change(async (sql) => {
        const before = await readOne(sql, id, tenant);
        const patch = toWritable(json);
        if (patch['id'] !== undefined && patch['id'] !== id)
          throw new Refusal('invalid', 'The id of a registration stays (clause 5.2.9).');
        const now = clock.now();
        if (!NULLS.has(patch['expiresAt'])) checkExpiry(patch['expiresAt'], now);
        const registration = ready(merge(before, toFullNames(patch, names)), tenant, id);
        await sql.query(
          `update context.registrations set document = $3, modified_at = $4, expires_at = $5
           where tenant = $1 and id = $2`,
          [
            tenant,
            id,
            JSON.stringify(registration.document),
            toInstant(now),
            registration.document.expiresAt ?? null,
          ],
        );
        await checkConflicts(sql, registration);
        const was = compileRegistration(before, tenant, id);
        await tellChange(sql, { before: was, after: registration, at: now });
        await note(sql, by, 'changed', id, { before, after: registration.document });
      }),

    /** Clause 5.9.4. Throws Refusal('not-found'). */
    remove: (id: string, tenant: string, by: By): Promise<void> =>
      change(async (sql) => {
        const before = await readOne(sql, id, tenant);
        await drop(sql, id, tenant, before);
        await note(sql, by, 'removed', id, { before });
      }),

    /** Clause 5.9.2.4: a registration goes when its time is over. */
    removeExpired: async (): Promise<void> => {
      const now = toInstant(clock.now());
      const [due] = await database.query(
        'select 1 from context.registrations where expires_at <= $1 limit 1',
        [now],
      );
      if (!due) return;
      await change(async (sql) => {
        const { rows } = await sql.query<{ tenant: string; id: string; document: Kept }>(
          `select tenant, id, document from context.registrations where expires_at <= $1
           order by expires_at limit ${EXPIRED_ROWS_MAX}`,
          [now],
        );
        for (const { tenant, id, document } of rows) await drop(sql, id, tenant, document);
      });
    },
  };
};
export type Registrations = ReturnType<typeof openRegistrations>;
