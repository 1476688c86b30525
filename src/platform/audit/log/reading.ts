import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import type { Entry, EntryProved, LogState } from '../contract.ts';
import { findNewestHead, proveInclusion } from './proofs.ts';

type Content = {
  at: string;
  action: string;
  outcome: string;
  actor: { kind: string };
  subject: { kind: string };
  purpose?: string;
  request?: string;
  before?: string;
  after?: string;
};
type Personal = {
  actor: { id: string; name: string };
  subject: { id: string };
  onBehalfOf?: { id: string; name: string; mandate: string };
  client?: string;
  facts?: Record<string, string | number | boolean>;
};
type Row = {
  id: number;
  index: number | null;
  hash: string | null;
  content: string;
  salt: string | null;
  personal: string | null;
};

const toEntry = ({ id, index, content, personal }: Row): Entry => {
  const { actor, subject, ...leaf } = JSON.parse(content) as Content;
  const who = personal === null ? undefined : (JSON.parse(personal) as Personal);
  return {
    id,
    index,
    at: leaf.at,
    action: leaf.action,
    outcome: leaf.outcome,
    actor: { kind: actor.kind, id: who?.actor.id ?? null, name: who?.actor.name ?? null },
    subject: { kind: subject.kind, id: who?.subject.id ?? null },
    onBehalfOf: who?.onBehalfOf ?? null,
    client: who?.client ?? null,
    facts: who?.facts ?? {},
    purpose: leaf.purpose ?? null,
    request: leaf.request ?? null,
    changed: leaf.before !== undefined || leaf.after !== undefined,
  };
};

const SELECT = `select e.id, l.leaf_index as index, l.hash, e.content, e.salt, e.personal
  from audit.entries e left join audit.leaves l on l.entry = e.id`;

export type EntriesQuestion = {
  /** An id or the name one signs in with. */
  readonly actor?: string;
  /** An action, or the module of one. */
  readonly action?: string;
  readonly subject?: string;
  readonly outcome?: string;
  readonly from?: string;
  readonly to?: string;
  readonly below?: number;
  readonly limit: number;
};

/** The newest first. `next` is the `below` of the next page, where there is one. */
export const listEntries = async (database: Database, q: EntriesQuestion) => {
  const values: unknown[] = [];
  const wheres: string[] = [];
  const where = (value: unknown, test: (n: string) => string) => {
    if (value === undefined) return;
    values.push(value);
    wheres.push(test(`$${values.length}`));
  };
  const instant = (text: string | undefined) => text && new Date(text).toISOString();
  where(q.actor, (n) => `(e.actor = ${n} or e.actor_name = ${n})`);
  where(
    q.action,
    (n) => `(e.action = ${n} or (e.action > ${n} || '.' and e.action < ${n} || '/'))`,
  );
  where(q.subject, (n) => `e.subject = ${n}`);
  where(q.outcome, (n) => `e.outcome = ${n}`);
  where(instant(q.from), (n) => `e.at >= ${n}`);
  where(instant(q.to), (n) => `e.at < ${n}`);
  where(q.below, (n) => `e.id < ${n}`);
  values.push(q.limit + 1);
  const rows = await database.query<Row>(
    `${SELECT} ${wheres.length > 0 ? `where ${wheres.join(' and ')}` : ''}
     order by e.id desc limit $${values.length}`,
    values,
  );
  const items = rows.slice(0, q.limit).map(toEntry);
  return { items, next: rows.length > q.limit ? (items.at(-1)?.id ?? null) : null };
};

/** One entry as it is in the tree, with what proves it. Throws Refusal('not-found'). */
export const getEntry = async (database: Database, id: number): Promise<EntryProved> => {
  const [row] = await database.query<Row>(`${SELECT} where e.id = $1`, [id]);
  if (!row) throw new Refusal('not-found', `The log holds no entry ${id}.`);
  const head = row.index === null ? undefined : await findNewestHead(database);
  return {
    ...toEntry(row),
    content: row.content,
    salt: row.salt,
    personal: row.personal,
    hash: row.hash,
    head: head ?? null,
    proof: head && row.index !== null ? await proveInclusion(database, row.index, head.size) : [],
  };
};

/** How far the log is. */
export const getState = async (database: Database, origin: string): Promise<LogState> => {
  const [head, keys, [waiting]] = await Promise.all([
    findNewestHead(database),
    database.query<{ id: string; verifier: string; madeAt: string }>(
      'select id, verifier, made_at as "madeAt" from audit.keys order by made_at, id',
    ),
    database.query<{ pending: number; oldest: string | null }>(
      `select count(*) as pending, min(e.at) as oldest from audit.pending p join audit.entries e on e.id = p.entry`,
    ),
  ]);
  return {
    origin,
    size: head?.size ?? 0,
    head: head ?? null,
    pending: waiting?.pending ?? 0,
    oldestPendingAt: waiting?.oldest ?? null,
    keys,
  };
};
