import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { OWN_ACTIONS, OWN_ACTS } from '#kernel/boot';
import type { Database } from '#kernel/database';
import type { App } from '#kernel/http';
import type { Manifest } from '#kernel/module';
import {
  ActTitle,
  Consistency,
  Entry,
  EntryProved,
  Head,
  LogState,
  pageOf,
  Receipt,
} from './contract.ts';
import type { Audit } from './index.ts';
import { openExport } from './log/export.ts';
import { listHeads, proveConsistency } from './log/proofs.ts';
import { getEntry, getState, listEntries } from './log/reading.ts';
import { listReceipts } from './receipts.ts';

const PAGE_ITEMS = 50;
const PAGE_ITEMS_MAX = 200;
const TEXT_CHARACTERS_MAX = 500;

const Text = Type.Optional(Type.String({ minLength: 1, maxLength: TEXT_CHARACTERS_MAX }));
const Instant = Type.Optional(Type.String({ format: 'date-time' }));
const Size = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const strict = { additionalProperties: false } as const;
const Paging = {
  below: Type.Optional(Size),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_ITEMS_MAX })),
};

type Needs = {
  readonly database: Database;
  readonly manifests: readonly Manifest[];
  readonly audit: Audit;
  readonly origin: () => Promise<string>;
};

/** The log for whoever may see it, and its heads for everybody who wants to hold us to them. */
export const addRoutes = (app: App, { database, manifests, audit, origin }: Needs) => {
  const tags = ['audit'];
  const heads = { config: { action: 'audit.see-heads' } };
  const see = { config: { action: 'audit.see' } };

  app.get(
    '/state',
    { ...heads, schema: { tags, summary: 'How far the log is', response: { 200: LogState } } },
    async () => getState(database, await origin()),
  );

  app.get(
    '/heads',
    {
      ...heads,
      schema: {
        tags,
        summary: 'Signed heads, the newest first',
        querystring: Type.Object(Paging, strict),
        response: { 200: Type.Object({ items: Type.Array(Head) }) },
      },
    },
    async ({ query }) => ({
      items: await listHeads(database, { below: query.below, limit: query.limit ?? PAGE_ITEMS }),
    }),
  );

  app.get(
    '/consistency',
    {
      ...heads,
      schema: {
        tags,
        summary:
          'Proof that the log of `first` entries is the beginning of that of `second` (RFC 9162 §2.1.4)',
        querystring: Type.Object({ first: Size, second: Size }, strict),
        response: { 200: Consistency },
      },
    },
    async ({ query: { first, second } }) => ({
      first,
      second,
      proof: await proveConsistency(database, first, second),
    }),
  );

  app.get(
    '/actions',
    {
      ...see,
      schema: {
        tags,
        summary: 'What acts and actions are called',
        response: { 200: Type.Object({ items: Type.Array(ActTitle) }) },
      },
    },
    async () => ({
      items: [{ actions: OWN_ACTIONS, acts: OWN_ACTS }, ...manifests].flatMap(
        ({ actions, acts = {} }) => [
          ...Object.entries(actions).map(([id, { title }]) => ({ id, title })),
          ...Object.entries(acts).map(([id, title]) => ({ id, title })),
        ],
      ),
    }),
  );

  app.get(
    '/entries',
    {
      ...see,
      schema: {
        tags,
        summary: 'Acts, the newest first',
        querystring: Type.Object(
          {
            actor: Text,
            action: Text,
            subject: Text,
            outcome: Text,
            from: Instant,
            to: Instant,
            ...Paging,
          },
          strict,
        ),
        response: { 200: pageOf(Entry) },
      },
    },
    ({ query }) => listEntries(database, { limit: PAGE_ITEMS, ...query }),
  );

  app.get(
    '/entries/:id',
    {
      ...see,
      schema: {
        tags,
        summary:
          'One act with what proves it; whoever looks leaves a receipt with the person who acted',
        params: Type.Object({ id: Size }),
        response: { 200: EntryProved },
      },
    },
    async ({ params, actor, id: request }) => {
      const entry = await getEntry(database, params.id);
      if (entry.actor.kind === 'person' && entry.actor.id !== null && entry.actor.id !== actor.id)
        await audit.recordAccess([
          {
            actor,
            action: 'audit.see',
            whose: entry.actor.id,
            subject: { kind: 'audit-entry', id: String(entry.id) },
            fields: ['acts'],
            request,
          },
        ]);
      return entry;
    },
  );

  app.get(
    '/export',
    {
      config: { action: 'audit.export' },
      schema: {
        tags,
        summary:
          'The log with its heads, or a part of it with proofs, as NDJSON that `audit verify` checks',
        querystring: Type.Object(
          {
            first: Type.Optional(Size),
            end: Type.Optional(Size),
            personal: Type.Optional(Type.Boolean()),
          },
          strict,
        ),
      },
    },
    async ({ query: { personal = false, ...range }, actor, id: request }, reply) => {
      const lines = await openExport(database, await origin(), { ...range, personal });
      await audit.recordAlone({
        actor,
        action: 'audit.exported',
        subject: { kind: 'audit-log', id: await origin() },
        outcome: 'done',
        facts: { ...range, personal },
        request,
      });
      return reply
        .type('application/x-ndjson')
        .header('content-disposition', 'attachment; filename="audit.ndjson"')
        .send(Readable.from(lines));
    },
  );

  app.get(
    '/receipts',
    {
      config: { action: 'audit.see-own-receipts' },
      schema: {
        tags,
        summary: "Who looked at one's own personal data, the newest first",
        querystring: Type.Object(Paging, strict),
        response: { 200: pageOf(Receipt) },
      },
    },
    ({ query, actor }) =>
      listReceipts(database, actor, { below: query.below, limit: query.limit ?? PAGE_ITEMS }),
  );
};
