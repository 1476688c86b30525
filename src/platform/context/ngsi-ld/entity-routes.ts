import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { parseEntity } from '../entity/parse.ts';
import { iriOf } from '../jsonld/compile.ts';
import type { Operation } from '../operations.ts';
import { AIM, aimOf, LOCAL } from './aim.ts';
import { readAsked } from './asked.ts';
import type { Door } from './door.ts';
import { MERGE, mergingOf } from './merging.ts';
import { type Done, raise } from './outcomes.ts';
import { checkOptions, entityIdOf, locationOf, EntityPath, optionsOf } from './parameters.ts';

const WRITE = { action: 'context.entity.write' };

const Local = Type.Object(LOCAL, { additionalProperties: false });
const Target = Type.Object(AIM, { additionalProperties: false });
const Merge = Type.Object({ ...AIM, ...MERGE }, { additionalProperties: false });
const Append = Type.Object(
  { ...AIM, options: Type.Optional(Type.String()) },
  { additionalProperties: false },
);

/** Writing `/entities/{id}`: clauses 6.4.3.1, 6.5 and 6.6. */
export const addEntityRoutes = (app: App, { contexts, writer }: Door) => {
  const writeOne = async (operation: Operation, tenant: string) => {
    const [outcome] = await writer.write([operation], tenant);
    return raise(outcome);
  };

  // 5.6.1 / 6.4.3.1
  app.post(
    '/entities',
    { config: WRITE, schema: { querystring: Local } },
    async (request, reply) => {
      const { body, names, tenant } = await readAsked(request, contexts);
      const entity = parseEntity(body, names);
      await writeOne({ kind: 'create', entity, ...aimOf(request.query, names) }, tenant);
      return reply.code(201).header('location', locationOf('entities', entity.id)).send();
    },
  );

  // 5.6.6 / 6.5.3.2
  app.delete(
    '/entities/:entityId',
    { config: WRITE, schema: { params: EntityPath, querystring: Target } },
    async (request, reply) => {
      const { names, tenant } = await readAsked(request, contexts);
      const id = entityIdOf(request.params.entityId);
      await writeOne({ kind: 'delete', id, ...aimOf(request.query, names) }, tenant);
      return reply.code(204).send();
    },
  );

  // 5.6.18 / 6.5.3.3
  app.put(
    '/entities/:entityId',
    { config: WRITE, schema: { params: EntityPath, querystring: Target } },
    async (request, reply) => {
      const { body, names, tenant } = await readAsked(request, contexts);
      const id = entityIdOf(request.params.entityId);
      const entity = parseEntity(body, names, { id, fragment: true });
      await writeOne({ kind: 'replace', entity, ...aimOf(request.query, names) }, tenant);
      return reply.code(204).send();
    },
  );

  // 5.6.17 / 6.5.3.4
  app.patch(
    '/entities/:entityId',
    { config: WRITE, schema: { params: EntityPath, querystring: Merge } },
    async (request, reply) => {
      const { body, names, tenant } = await readAsked(request, contexts);
      const id = entityIdOf(request.params.entityId);
      const merging = mergingOf(request.query);
      const reading = { id, fragment: true, nulls: true, merges: true };
      const entity = parseEntity(body, names, {
        ...reading,
        simplified: merging.simplified ?? false,
      });
      await writeOne({ kind: 'merge', entity, ...merging, ...aimOf(request.query, names) }, tenant);
      return reply.code(204).send();
    },
  );

  // 5.6.17.4 and 5.6.18.4: where the path names no entity the request is not understood, whatever the resource offers.
  for (const method of ['PATCH', 'PUT'] as const)
    app.route({
      method,
      url: '/entities',
      config: WRITE,
      schema: { hide: true },
      handler: () => {
        throw new Refusal('invalid', 'The path names no entity (clauses 5.6.17 and 5.6.18).');
      },
    });

  // 5.6.3 / 6.6.3.1
  app.post(
    '/entities/:entityId/attrs',
    { config: WRITE, schema: { params: EntityPath, querystring: Append } },
    async (request, reply) => {
      const { body, names, tenant } = await readAsked(request, contexts);
      const options = optionsOf(request.query);
      checkOptions(options, ['noOverwrite']);
      const entity = parseEntity(body, names, {
        id: entityIdOf(request.params.entityId),
        fragment: true,
      });
      const keep = options.has('noOverwrite');
      const outcome = await writeOne(
        { kind: 'append', entity, keep, ...aimOf(request.query, names) },
        tenant,
      );
      return sendUpdate(reply, outcome, entity.attributes);
    },
  );

  // 5.6.2 / 6.6.3.2
  app.patch(
    '/entities/:entityId/attrs',
    { config: WRITE, schema: { params: EntityPath, querystring: Target } },
    async (request, reply) => {
      const { body, names, tenant } = await readAsked(request, contexts);
      const entity = parseEntity(body, names, {
        id: entityIdOf(request.params.entityId),
        fragment: true,
        nulls: true,
      });
      const outcome = await writeOne(
        { kind: 'update', entity, ...aimOf(request.query, names) },
        tenant,
      );
      return sendUpdate(reply, outcome, entity.attributes);
    },
  );
};

type Reply = { code: (status: number) => { send: (body?: unknown) => unknown } };

/** 204 where all was done, else 207 with an UpdateResult (clause 5.2.18), in full names (clause 6.3.6). */
const sendUpdate = (reply: Reply, outcome: Done, sent: object) => {
  const { notUpdated = [] } = outcome;
  if (notUpdated.length === 0) return reply.code(204).send();
  const missed = new Set(notUpdated.map(({ name }) => name));
  return reply.code(207).send({
    updated: Object.keys(sent)
      .filter((name) => !missed.has(name))
      .map(iriOf),
    notUpdated: notUpdated.map(({ name, reason }) => ({ attributeName: iriOf(name), reason })),
  });
};
