import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { MAPPING, readEntityMap } from '../entity-maps/use.ts';
import { checkText } from '../query/operand.ts';
import { parseTypes } from '../query/type-selector.ts';
import { seenBy } from '../sight.ts';
import { readAsked } from './asked.ts';
import type { Door } from './door.ts';
import { EntityPath, entityIdOf } from './parameters.ts';
import { booleanOf } from './question-parameters.ts';
import { readShow, sendShown, SHOW } from './show.ts';

const Text = Type.Optional(Type.String());

/** Table 6.5.3.1-1. */
const EntityQuery = Type.Object(
  { ...SHOW, ...MAPPING, datasetId: Text, type: Text, local: Text },
  { additionalProperties: false },
);

/** `GET /entities/{id}`: clause 5.7.1. */
export const addRetrieveRoutes = (
  app: App,
  { contexts, reader: all, entityMaps, sightOf }: Door,
) => {
  // 5.7.1 / 6.5.3.1
  app.get(
    '/entities/:entityId',
    {
      config: { action: 'context.entity.read' },
      schema: { params: EntityPath, querystring: EntityQuery },
    },
    async (request, reply) => {
      const { query } = request;
      const reader = seenBy(all, sightOf(request.actor));
      const asked = await readAsked(request, contexts);
      const { tenant, names } = asked;
      const id = entityIdOf(request.params.entityId);
      const show = readShow(request, query, asked);
      const local = booleanOf(query.local, 'local');
      const types =
        query.type === undefined
          ? undefined
          : parseTypes(query.type, (short) => checkText(names.expand(short)));
      const question = { tenant, id, ...(types ? { types } : {}), ...(local ? { local } : {}) };
      const mapped = await readEntityMap(request, reply, entityMaps, query, tenant);
      const entity = await reader.find(question);
      if (!entity)
        throw new Refusal(
          'not-found',
          `There is no entity ${id}${types ? ` of type ${query.type}` : ''}.`,
        );
      const { only } = show.presentation;
      if (query.attrs !== undefined && ![...(only ?? [])].some((name) => entity.attributes[name]))
        throw new Refusal('not-found', `${id} has none of ${query.attrs} (clause 5.7.1.4).`);
      await mapped.ensure(() =>
        reader.map({ tenant, selectors: [{ ids: [id] }], ...(local ? { local } : {}) }),
      );
      return sendShown(reply, asked, show, reader, entity);
    },
  );
};
