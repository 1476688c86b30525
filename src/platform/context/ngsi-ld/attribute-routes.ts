import { Type } from 'typebox';
import type { App } from '#kernel/http';
import { parseInstances } from '../entity/parse-attribute.ts';
import type { Operation } from '../operations.ts';
import { AIM, aimOf } from './aim.ts';
import { fragmentOf, readAsked } from './asked.ts';
import type { Door } from './door.ts';
import { raise } from './outcomes.ts';
import { AttributePath, attributeNameOf, attributeOf, entityIdOf } from './parameters.ts';
import { checkIds } from './question-parameters.ts';

const WRITE = { action: 'context.entity.write' };
const Target = Type.Object(AIM, { additionalProperties: false });
const Deletion = Type.Object(
  {
    ...AIM,
    datasetId: Type.Optional(Type.String()),
    deleteAll: Type.Optional(Type.Union([Type.Literal('true'), Type.Literal('false')])),
  },
  { additionalProperties: false },
);

/** `/entities/{id}/attrs/{attr}`: clause 6.7. */
export const addAttributeRoutes = (app: App, { contexts, writer, history }: Door) => {
  const writeOne = async (operation: Operation, tenant: string) => {
    const [outcome] = await writer.write([operation], tenant);
    raise(outcome);
  };

  // 5.6.4 / 6.7.3.1
  app.patch(
    '/entities/:entityId/attrs/:attrId',
    { config: WRITE, schema: { params: AttributePath, querystring: Target } },
    async (request, reply) => {
      const { names, tenant, body } = await readAsked(request, contexts);
      const { entityId, attrId } = request.params;
      const name = attributeOf(attrId, names);
      const instances = parseInstances(attrId, fragmentOf(body), names, {
        nulls: true,
        partial: true,
      });
      await writeOne(
        {
          kind: 'update-attribute',
          id: entityIdOf(entityId),
          name,
          instances,
          ...aimOf(request.query, names),
        },
        tenant,
      );
      return reply.code(204).send();
    },
  );

  // 5.6.19 / 6.7.3.3
  app.put(
    '/entities/:entityId/attrs/:attrId',
    { config: WRITE, schema: { params: AttributePath, querystring: Target } },
    async (request, reply) => {
      const { names, tenant, body } = await readAsked(request, contexts);
      const { entityId, attrId } = request.params;
      const name = attributeOf(attrId, names);
      const instances = parseInstances(attrId, fragmentOf(body), names, {});
      await writeOne(
        {
          kind: 'replace-attribute',
          id: entityIdOf(entityId),
          name,
          instances,
          ...aimOf(request.query, names),
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
      const choice = {
        id: entityIdOf(entityId),
        name: attributeNameOf(attrId, names.expand),
        ...(datasetId && datasetId !== '@none' ? { datasetId: checkIds([datasetId])[0]! } : {}),
        deleteAll: deleteAll === 'true',
      };
      const [outcome] = await writer.write(
        [{ kind: 'delete-attribute', ...choice, ...aimOf(request.query, names) }],
        tenant,
      );
      // What the history alone knows is deleted there (clauses 4.5.7 and 5.6.11).
      const isElsewhere = outcome?.done === 'refused' && outcome.reason === 'not-found';
      if (!isElsewhere || !(await history.evolutions.tellOfDeletion(tenant, choice)))
        raise(outcome);
      return reply.code(204).send();
    },
  );
};
