import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { newId } from '#kernel/ids';
import type { AttributeUse } from '../store/vocabulary.ts';
import { iriOf, type Names } from '../jsonld/compile.ts';
import type { Contexts } from '../jsonld/contexts.ts';
import { acceptedOf, readAsked, sendLd } from './asked.ts';
import type { Door } from './door.ts';
import { booleanOf } from './question-parameters.ts';

const READ = { action: 'context.entity.read' };
const Text = Type.Optional(Type.String());
const ListQuery = Type.Object({ details: Text, local: Text }, { additionalProperties: false });
const OneQuery = Type.Object({ local: Text }, { additionalProperties: false });
const TypePath = Type.Object({ type: Type.String() });
const AttributePath = Type.Object({ attrId: Type.String() });

/** Clause 5.2.28, with the members that are asked for. */
const attributeOut = (name: string, names: Names, more: object) => ({
  id: iriOf(name),
  type: 'Attribute',
  attributeName: names.compact(name),
  ...more,
});

const usesOut = ({ count, kinds, types }: AttributeUse, names: Names) => ({
  attributeCount: count,
  attributeTypes: kinds,
  typeNames: types.map(names.compact),
});

/** What all four ask: names, tenant, media, and whether of what is here alone. */
const askedWith = async (
  request: FastifyRequest,
  contexts: Contexts,
  local: string | undefined,
) => {
  const asked = await readAsked(request, contexts);
  const accepted = acceptedOf(request);
  return { asked, accepted, local: booleanOf(local, 'local') ?? false };
};

/** `/types` and `/attributes`: clauses 5.7.5–5.7.10, 6.25–6.28. */
export const addTypeRoutes = (app: App, { contexts, discovery, sightOf }: Door) => {
  // 5.7.5, 5.7.6 / 6.25.3.1
  app.get(
    '/types',
    { config: READ, schema: { querystring: ListQuery } },
    async (request, reply) => {
      const sight = sightOf(request.actor);
      const { asked, accepted, local } = await askedWith(request, contexts, request.query.local);
      const { names, tenant } = asked;
      if (!booleanOf(request.query.details, 'details'))
        return sendLd(reply, accepted, asked, {
          id: `urn:ngsi-ld:EntityTypeList:${newId()}`,
          type: 'EntityTypeList',
          typeList: (await discovery.typeNames(tenant, local, sight)).map(names.compact),
        });
      const found = await discovery.typesWithAttributes(tenant, local, sight);
      const types = found.map(({ type, attributes }) => ({
        id: iriOf(type),
        type: 'EntityType',
        typeName: names.compact(type),
        attributeNames: attributes.map(names.compact),
      }));
      return sendLd(reply, accepted, asked, types);
    },
  );

  // 5.7.7 / 6.26.3.1
  app.get(
    '/types/:type',
    { config: READ, schema: { params: TypePath, querystring: OneQuery } },
    async (request, reply) => {
      const sight = sightOf(request.actor);
      const { asked, accepted, local } = await askedWith(request, contexts, request.query.local);
      const type = asked.names.expand(request.params.type);
      const { count, attributes } = await discovery.typeUse(asked.tenant, type, local, sight);
      if (count === 0) throw new Refusal('not-found', `There is no entity of type ${iriOf(type)}.`);
      return sendLd(reply, accepted, asked, {
        id: iriOf(type),
        type: 'EntityTypeInfo',
        typeName: asked.names.compact(type),
        entityCount: count,
        attributeDetails: attributes.map(({ name, kinds }) =>
          attributeOut(name, asked.names, { attributeTypes: kinds }),
        ),
      });
    },
  );

  // 5.7.8, 5.7.9 / 6.27.3.1
  app.get(
    '/attributes',
    { config: READ, schema: { querystring: ListQuery } },
    async (request, reply) => {
      const sight = sightOf(request.actor);
      const { asked, accepted, local } = await askedWith(request, contexts, request.query.local);
      const { names, tenant } = asked;
      if (!booleanOf(request.query.details, 'details'))
        return sendLd(reply, accepted, asked, {
          id: `urn:ngsi-ld:AttributeList:${newId()}`,
          type: 'AttributeList',
          attributeList: (await discovery.attributeNames(tenant, local, sight)).map(names.compact),
        });
      const uses = await discovery.attributeUses(tenant, local, undefined, sight);
      const attributes = uses.map((use) =>
        attributeOut(use.name, names, { typeNames: use.types.map(names.compact) }),
      );
      return sendLd(reply, accepted, asked, attributes);
    },
  );

  // 5.7.10 / 6.28.3.1
  app.get(
    '/attributes/:attrId',
    { config: READ, schema: { params: AttributePath, querystring: OneQuery } },
    async (request, reply) => {
      const sight = sightOf(request.actor);
      const { asked, accepted, local } = await askedWith(request, contexts, request.query.local);
      const name = asked.names.expand(request.params.attrId);
      const [use] = await discovery.attributeUses(asked.tenant, local, name, sight);
      if (!use) throw new Refusal('not-found', `There is no attribute ${iriOf(name)}.`);
      return sendLd(
        reply,
        accepted,
        asked,
        attributeOut(name, asked.names, usesOut(use, asked.names)),
      );
    },
  );
};
