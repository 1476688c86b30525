import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { type Clock, toInstant } from '#kernel/time';

/** Clause 5.13.1. */
export const CONTEXT_KINDS = ['Cached', 'Hosted', 'ImplicitlyCreated'] as const;
export type ContextKind = (typeof CONTEXT_KINDS)[number];

export type ContextDocument = { readonly '@context': unknown };
export type StoredContext = {
  readonly id: string;
  readonly tenant: string;
  readonly kind: ContextKind;
  /** Where a copy came from. */
  readonly url: string | null;
  readonly document: ContextDocument;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsage: string | null;
  readonly hits: number;
};

/** A published vocabulary of a thousand terms is some 100 kilobytes. */
export const CONTEXT_BYTES_MAX = 1024 * 1024;
/** What a tenant may have us serve. */
const HOSTED_MAX = 1000;
/** Beyond, the copies that were not used for longest go. */
const CACHED_MAX = 1000;

const COLUMNS = `c.id, c.tenant, c.kind, c.url, c.created_at as "createdAt",
  c.expires_at as "expiresAt", c.last_usage as "lastUsage", c.hits`;
const WHOLE = `${COLUMNS}, c.document`;

/** What a reader of this tenant may see: a hosted context belongs to its tenant, the others to who knows their name. */
const SEEN = "(c.kind <> 'Hosted' or c.tenant = $2)";

/** The rows of stored contexts. */
export const openStoredContexts = (database: Database, clock: Clock) => ({
  /** By its own id. */
  byId: async (id: string): Promise<StoredContext | undefined> => {
    const [row] = await database.query<StoredContext>(
      `select ${WHOLE} from context.contexts c where c.id = $1 and c.kind <> 'Cached'`,
      [id],
    );
    return row;
  },

  /** The copy of what is at this address. */
  copyOf: async (url: string): Promise<StoredContext | undefined> => {
    const [row] = await database.query<StoredContext>(
      `select ${WHOLE} from context.contexts c where c.kind = 'Cached' and c.url = $1`,
      [url],
    );
    return row;
  },

  /** By its id, or a copy by its address, as this tenant sees it. */
  find: async (idOrUrl: string, tenant: string): Promise<StoredContext | undefined> => {
    const [row] = await database.query<StoredContext>(
      `select ${WHOLE} from context.contexts c
       where (c.id = $1 or (c.kind = 'Cached' and c.url = $1)) and ${SEEN}`,
      [idOrUrl, tenant],
    );
    return row;
  },

  /** Those of the tenant, and the copies, which are everybody's; oldest first and without their documents. */
  list: (
    tenant: string,
    kind: ContextKind | undefined,
  ): Promise<Omit<StoredContext, 'document'>[]> =>
    database.query(
      `select ${COLUMNS} from context.contexts c
       where (c.kind = 'Cached' or c.tenant = $1) and ($2::text is null or c.kind = $2)
       order by c.created_at, c.id`,
      [tenant, kind ?? null],
    ),

  /** Answers its id. Throws Refusal: 'too-large', 'too-many'. */
  add: async (
    document: ContextDocument,
    kind: 'Hosted' | 'ImplicitlyCreated',
    tenant: string,
  ): Promise<string> => {
    const text = JSON.stringify(document);
    if (Buffer.byteLength(text) > CONTEXT_BYTES_MAX)
      throw new Refusal('too-large', `A @context has at most ${CONTEXT_BYTES_MAX} bytes.`);
    const id = `urn:ngsi-ld:Context:${newId()}`;
    const [made] = await database.query(
      `insert into context.contexts (id, tenant, kind, document, created_at)
       select $1, $2, $3, $4, $5
       where $3 <> 'Hosted' or (select count(*) from context.contexts where tenant = $2 and kind = $3) < ${HOSTED_MAX}
       returning 1 as made`,
      [id, tenant, kind, text, toInstant(clock.now())],
    );
    if (!made)
      throw new Refusal('too-many', `${HOSTED_MAX} contexts are hosted; one must go first.`);
    return id;
  },

  /** Keeps the copy, in the place of an earlier one. Answers its id. */
  keep: async (url: string, document: ContextDocument, expiresAt: string): Promise<string> => {
    const [row] = await database.query<{ id: string }>(
      `insert into context.contexts (id, tenant, kind, url, document, created_at, expires_at)
       values ($1, '', 'Cached', $2, $3, $4, $5)
       on conflict (url) where kind = 'Cached' do update
         set document = excluded.document, created_at = excluded.created_at, expires_at = excluded.expires_at
       returning id`,
      [
        `urn:ngsi-ld:Context:${newId()}`,
        url,
        JSON.stringify(document),
        toInstant(clock.now()),
        expiresAt,
      ],
    );
    return row!.id;
  },

  /** Whether it was there. */
  remove: async (id: string): Promise<boolean> => {
    const rows = await database.query('delete from context.contexts where id = $1 returning 1', [
      id,
    ]);
    return rows.length > 0;
  },

  /** One made for a subscription goes with the last that names it. */
  removeUnused: async (id: string, url: string): Promise<void> => {
    await database.query(
      `delete from context.contexts c where c.id = $1 and c.kind = 'ImplicitlyCreated'
         and not exists (select 1 from context.subscriptions s where s.context = to_jsonb($2::text))`,
      [id, url],
    );
  },

  /** Removes copies beyond the number that is kept. */
  trim: async (): Promise<void> => {
    await database.query(
      `delete from context.contexts where id in (
         select id from context.contexts where kind = 'Cached'
         order by coalesce(last_usage, created_at) desc, id offset ${CACHED_MAX})`,
    );
  },
});
export type StoredContexts = ReturnType<typeof openStoredContexts>;
