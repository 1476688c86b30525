import { type Static, Type } from 'typebox';
import type { Database } from '#kernel/database';
import type { App } from '#kernel/http';
import { coreNames } from '../../jsonld/compile.ts';
import type { Contexts } from '../../jsonld/contexts.ts';
import { toShortNames } from './full-names.ts';
import type { Kept } from './full-names.ts';
import { MODES, type Mode } from './model.ts';
import { statusOf } from './present.ts';
import { STORED, type Stored } from './rows.ts';

/** There are no more (registrations.ts). */
const SOURCES_MAX = 1_000;

const Texts = Type.Array(Type.String());
const Maybe = Type.Union([Type.String(), Type.Null()]);
const SourceShape = Type.Object({
  tenant: Type.String({ description: 'Empty for the city that has no others' }),
  id: Type.String(),
  name: Maybe,
  description: Maybe,
  endpoint: Type.String(),
  mode: Type.Unsafe<Mode>(Type.Union(MODES.map((mode) => Type.Literal(mode)))),
  operations: Texts,
  offers: Type.Array(
    Type.Object({
      entities: Type.Array(Type.Object({ types: Texts, id: Maybe, idPattern: Maybe })),
      attributes: Texts,
    }),
  ),
  state: Type.Union([Type.Literal('ok'), Type.Literal('failed'), Type.Literal('unasked')]),
  timesSent: Type.Integer(),
  timesFailed: Type.Integer(),
  timedOut: Type.Integer(),
  lastSuccess: Maybe,
  lastFailure: Maybe,
  lastError: Maybe,
  createdAt: Type.String(),
  expiresAt: Maybe,
});
type Source = Static<typeof SourceShape>;

const toSource = (stored: Stored, document: Kept): Source => ({
  tenant: stored.tenant,
  id: stored.id,
  name: document.registrationName ?? null,
  description: document.description ?? null,
  endpoint: document.endpoint,
  mode: document.mode ?? 'inclusive',
  operations: document.operations ?? [
    document.mode === 'auxiliary' ? 'retrieveOps' : 'federationOps',
  ],
  offers: document.information.map(
    ({ entities = [], propertyNames = [], relationshipNames = [] }) => ({
      entities: entities.map(({ type = [], id = null, idPattern = null }) => ({
        types: [type].flat(),
        id,
        idPattern,
      })),
      attributes: [...propertyNames, ...relationshipNames],
    }),
  ),
  state: statusOf(stored) ?? 'unasked',
  timesSent: stored.timesSent,
  timesFailed: stored.timesFailed,
  timedOut: stored.timedOut,
  lastSuccess: stored.lastSuccess,
  lastFailure: stored.lastFailure,
  lastError: stored.lastError,
  createdAt: stored.createdAt,
  expiresAt: document.expiresAt ?? null,
});

/** The platforms joined to this one, for the operator: of all tenants, in the words of those who registered them. */
export const addSourceRoutes = (
  app: App,
  { database, contexts }: { database: Database; contexts: Contexts },
) => {
  app.get(
    '/sources',
    {
      config: { action: 'context.registration.read' },
      schema: { response: { 200: Type.Object({ items: Type.Array(SourceShape) }) } },
    },
    async () => {
      const rows = await database.query<Stored>(
        `${STORED} where r.expires_at is null or r.expires_at > now() order by r.tenant, r.id limit ${SOURCES_MAX}`,
      );
      const items = rows.map(async (stored) => {
        // A context that cannot be had any more takes the short names away, not the source.
        const names = await contexts.namesOf(stored.context ?? undefined).catch(() => coreNames);
        return toSource(stored, toShortNames(stored.document, names) as Kept);
      });
      return { items: await Promise.all(items) };
    },
  );
};
