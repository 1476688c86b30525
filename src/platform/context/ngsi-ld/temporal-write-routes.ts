import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { toInstant } from '#kernel/time';
import { isIri } from '../jsonld/compile.ts';
import type { PastWrite } from '../federation/distribution/write-evolutions.ts';
import { parseTold, parseToldInstances } from '../temporal/parse-told.ts';
import { LOCAL } from './aim.ts';
import { readAsked } from './asked.ts';
import type { Door } from './door.ts';
import { raise } from './outcomes.ts';
import {
  AttributePath,
  attributeNameOf,
  EntityPath,
  entityIdOf,
  locationOf,
} from './parameters.ts';
import { booleanOf, checkIds } from './question-parameters.ts';

const WRITE = { action: 'context.entity.write' };
const Local = Type.Object(LOCAL, { additionalProperties: false });
const InstancePath = Type.Object({ ...AttributePath.properties, instanceId: Type.String() });
const Deletion = Type.Object(
  {
    ...LOCAL,
    datasetId: Type.Optional(Type.String()),
    deleteAll: Type.Optional(Type.Union([Type.Literal('true'), Type.Literal('false')])),
  },
  { additionalProperties: false },
);

const instanceIn = (instanceId: string): string => {
  if (!isIri(instanceId))
    throw new Refusal('invalid', `${instanceId} is not a URI (clause 5.6.14.4).`);
  return instanceId;
};

/** Writing what was known when: `/temporal/entities`, clauses 5.6.11 to 5.6.16. */
export const addTemporalWriteRoutes = (
  app: App,
  { contexts, clock, evolutions }: Pick<Door, 'contexts' | 'clock' | 'evolutions'>,
) => {
  const now = () => toInstant(clock.now());
  const write = async (tenant: string, what: PastWrite, local: string | undefined) =>
    raise(await evolutions.write(tenant, what, booleanOf(local, 'local')));

  // 5.6.11 / 6.18.3.1
  app.post(
    '/temporal/entities',
    { config: WRITE, schema: { querystring: Local } },
    async (request, reply) => {
      const { names, tenant, body } = await readAsked(request, contexts);
      const told = parseTold(body, names, now());
      const { done } = await write(tenant, { kind: 'upsert', told }, request.query.local);
      if (done !== 'created') return reply.code(204).send();
      return reply.code(201).header('location', locationOf('temporal/entities', told.id)).send();
    },
  );

  // 5.6.16 / 6.19.3.2
  app.delete(
    '/temporal/entities/:entityId',
    { config: WRITE, schema: { params: EntityPath, querystring: Local } },
    async (request, reply) => {
      const { tenant } = await readAsked(request, contexts);
      const id = entityIdOf(request.params.entityId);
      await write(tenant, { kind: 'remove', id }, request.query.local);
      return reply.code(204).send();
    },
  );

  // 5.6.12 / 6.20.3.1
  app.post(
    '/temporal/entities/:entityId/attrs',
    { config: WRITE, schema: { params: EntityPath, querystring: Local } },
    async (request, reply) => {
      const { names, tenant, body } = await readAsked(request, contexts);
      const id = entityIdOf(request.params.entityId);
      const told = parseTold(body, names, now(), { id, fragment: true });
      await write(tenant, { kind: 'append', told }, request.query.local);
      return reply.code(204).send();
    },
  );

  // 5.6.13 / 6.21.3.1
  app.delete(
    '/temporal/entities/:entityId/attrs/:attrId',
    { config: WRITE, schema: { params: AttributePath, querystring: Deletion } },
    async (request, reply) => {
      const { names, tenant } = await readAsked(request, contexts);
      const { datasetId, deleteAll, local } = request.query;
      const id = entityIdOf(request.params.entityId);
      const choice = {
        id,
        name: attributeNameOf(request.params.attrId, names.expand),
        ...(datasetId && datasetId !== '@none' ? { datasetId: checkIds([datasetId])[0]! } : {}),
        deleteAll: deleteAll === 'true',
      };
      await write(tenant, { kind: 'remove-attribute', choice }, local);
      return reply.code(204).send();
    },
  );

  // 5.6.14 / 6.22.3.1
  app.patch(
    '/temporal/entities/:entityId/attrs/:attrId/:instanceId',
    { config: WRITE, schema: { params: InstancePath, querystring: Local } },
    async (request, reply) => {
      const { names, tenant, body } = await readAsked(request, contexts);
      const { entityId, attrId, instanceId } = request.params;
      const choice = {
        id: entityIdOf(entityId),
        name: attributeNameOf(attrId, names.expand),
        instanceId: instanceIn(instanceId),
      };
      const { '@context': _context, ...fragment } = Object(body) as Record<string, unknown>;
      const own = fragment[attrId]; // under its name, as in a fragment of the entity, or by itself
      const [instance, ...others] = parseToldInstances(attrId, own ?? fragment, names, now());
      if (!instance || others.length > 0)
        throw new Refusal('invalid', 'One instance takes the place of one (clause 5.6.14).');
      await write(tenant, { kind: 'replace-instance', choice, instance }, request.query.local);
      return reply.code(204).send();
    },
  );

  // 5.6.15 / 6.22.3.2
  app.delete(
    '/temporal/entities/:entityId/attrs/:attrId/:instanceId',
    { config: WRITE, schema: { params: InstancePath, querystring: Local } },
    async (request, reply) => {
      const { names, tenant } = await readAsked(request, contexts);
      const { entityId, attrId, instanceId } = request.params;
      const id = entityIdOf(entityId);
      const name = attributeNameOf(attrId, names.expand);
      const choice = { id, name, instanceId: instanceIn(instanceId) };
      await write(tenant, { kind: 'remove-instance', choice }, request.query.local);
      return reply.code(204).send();
    },
  );
};
