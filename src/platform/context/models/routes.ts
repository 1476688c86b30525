import { Type } from 'typebox';
import type { App } from '#kernel/http';
import { byOf } from '#platform/audit';
import { coreNames, iriOf } from '../jsonld/compile.ts';
import type { Contexts } from '../jsonld/contexts.ts';
import type { Models, StoredModel } from './models.ts';

const READ = { action: 'context.entity.read' };
const WRITE = { action: 'context.model.write' };

const Path = Type.Object({
  type: Type.String({ minLength: 1, maxLength: 600, description: 'Short or full type name' }),
});
const Query = Type.Object(
  { tenant: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' })) },
  { additionalProperties: false },
);
const Body = Type.Object(
  {
    schema: Type.Unknown({ description: 'JSON Schema of the simplified form' }),
    parts: Type.Optional(
      Type.Unknown({ description: 'The schemas that it refers to, by their addresses' }),
    ),
    names: Type.Optional(
      Type.Unknown({ description: 'The @context in whose names the schema speaks' }),
    ),
  },
  { additionalProperties: false },
);
const Shown = Type.Object({
  type: Type.String(),
  modifiedAt: Type.String(),
  schema: Type.Unknown(),
  parts: Type.Unknown(),
  names: Type.Unknown(),
});
const Listed = Type.Object({
  items: Type.Array(Type.Object({ type: Type.String(), modifiedAt: Type.String() })),
});

const show = ({ type, modifiedAt, schema, parts, names }: StoredModel) => ({
  type: iriOf(type),
  modifiedAt,
  schema,
  parts,
  names,
});

/** `/models`: what types declare of their entities. */
export const addModelRoutes = (
  app: App,
  { models, contexts }: { models: Models; contexts: Contexts },
) => {
  app.get(
    '/models',
    { config: READ, schema: { querystring: Query, response: { 200: Listed } } },
    async ({ query }) => ({
      items: (await models.list(query.tenant ?? '')).map(({ type, modifiedAt }) => ({
        type: iriOf(type),
        modifiedAt,
      })),
    }),
  );

  app.get(
    '/models/:type',
    { config: READ, schema: { params: Path, querystring: Query, response: { 200: Shown } } },
    async ({ params, query }) =>
      show(await models.get(query.tenant ?? '', coreNames.expand(params.type))),
  );

  app.put(
    '/models/:type',
    {
      config: WRITE,
      schema: { params: Path, querystring: Query, body: Body, response: { 200: Shown } },
    },
    async (request) => {
      const { params, query, body } = request;
      const { schema, parts = {}, names = null } = body;
      const tenant = query.tenant ?? '';
      const type = (await contexts.namesOf(names ?? undefined)).expand(params.type);
      await models.put(tenant, type, { schema, parts, names }, byOf(request));
      return show(await models.get(tenant, type));
    },
  );

  app.delete(
    '/models/:type',
    { config: WRITE, schema: { params: Path, querystring: Query } },
    async (request, reply) => {
      const { params, query } = request;
      await models.remove(query.tenant ?? '', coreNames.expand(params.type), byOf(request));
      return reply.code(204).send();
    },
  );
};
