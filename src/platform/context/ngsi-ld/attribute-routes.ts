import { Type } from 'typebox';
import type { App } from '#kernel/http';
import { parseInstances } from '../entity/parse-attribute.ts';
import type { Operation } from '../operations.ts';
import { readAsked } from './asked.ts';
import type { Door } from './door.ts';
import { raise } from './entity-routes.ts';
import { AttributePath, attributeOf, entityIdOf } from './parameters.ts';

const WRITE = { action: 'context.entity.write' };
const Nothing = Type.Object({}, { additionalProperties: false });
const Deletion = Type.Object(
  {
    datasetId: Type.Optional(Type.String()),
    deleteAll: Type.Optional(Type.Union([Type.Literal('true'), Type.Literal('false')])),
  },
  { additionalProperties: false },
);

/** `/entities/{id}/attrs/{attr}`: clause 6.7. */
export const addAttributeRoutes = (app: App, { contexts, writer }: Door) => {
  const writeOne = async (operation: Operation, tenant: string) => {
    const [outcome] = await writer.write([operation], tenant);
    raise(outcome);
  };

  // 5.6.4 / 6.7.3.1
  app.patch(
    '/entities/:entityId/attrs/:attrId',
    { config: WRITE, schema: { params: AttributePath, querystring: Nothing } },
    async (request, reply) => {
      const { names, tenant, body } = await readAsked(request, contexts);
      const { entityId, attrId } = request.params;
      const instances = parseInstances(attrId, body, names, { nulls: true, partial: true });
      await writeOne(
        {
          kind: 'update-attribute',
          id: entityIdOf(entityId),
          name: attributeOf(attrId, names),
          instances,
        },
        tenant,
      );
      return reply.code(204).send();
    },
  );

  // 5.6.19 / 6.7.3.3
  app.put(
    '/entities/:entityId/attrs/:attrId',
    { config: WRITE, schema: { params: AttributePath, querystring: Nothing } },
    async (request, reply) => {
      const { names, tenant, body } = await readAsked(request, contexts);
      const { entityId, attrId } = request.params;
      const instances = parseInstances(attrId, body, names, {});
      await writeOne(
        {
          kind: 'replace-attribute',
          id: entityIdOf(entityId),
          name: attributeOf(attrId, names),
          instances,
        },
        tenant,
      );
      return reply.code(204).send();
    },
  );

  // 5.6.5 / 6.7.3.2
  app.delete(
    '/entities/:entityId/attrs/:attrId',
    { config: WRITE, schema: { params: AttributePath, querystring: Deletion } },
    async (request, reply) => {
      const { names, tenant } = await readAsked(request, contexts);
      const { entityId, attrId } = request.params;
      const { datasetId, deleteAll } = request.query;
      await writeOne(
        {
          kind: 'delete-attribute',
          id: entityIdOf(entityId),
          name: names.expand(attrId),
          ...(datasetId ? { datasetId } : {}),
          deleteAll: deleteAll === 'true',
        },
        tenant,
      );
      return reply.code(204).send();
    },
  );
};
