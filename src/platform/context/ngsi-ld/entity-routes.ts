import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { parseEntity } from '../entity/parse.ts';
import { iriOf } from '../jsonld/compile.ts';
import type { Operation, Outcome } from '../operations.ts';
import { readAsked } from './asked.ts';
import type { Door } from './door.ts';
import { checkOptions, entityIdOf, locationOf, EntityPath, optionsOf } from './parameters.ts';

const WRITE = { action: 'context.entity.write' };

/** A refused outcome as the refusal that a single request is answered with. */
export const raise = (outcome: Outcome | undefined): Exclude<Outcome, { done: 'refused' }> => {
  if (outcome?.done !== 'refused') return outcome!;
  const kind =
    outcome.reason === 'already-exists'
      ? 'conflict'
      : outcome.reason === 'invalid'
        ? 'invalid'
        : 'not-found';
  throw new Refusal(kind, outcome.detail, { entityId: outcome.id });
};

const Options = Type.Object(
  { options: Type.Optional(Type.String()) },
  { additionalProperties: false },
);

/** Writing `/entities/{id}`: clauses 6.4.3.1 and 6.5. */
export const addEntityRoutes = (app: App, { contexts, writer }: Door) => {
  const writeOne = async (operation: Operation, tenant: string) => {
    const [outcome] = await writer.write([operation], tenant);
    return raise(outcome);
  };

  // 5.6.1 / 6.4.3.1
  app.post(
    '/entities',
    { config: WRITE, schema: { querystring: Type.Object({}, { additionalProperties: false }) } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const entity = parseEntity(asked.body, asked.names);
      await writeOne({ kind: 'create', entity }, asked.tenant);
      return reply.code(201).header('location', locationOf('entities', entity.id)).send();
    },
  );

  // 5.6.6 / 6.5.3.2
  app.delete(
    '/entities/:entityId',
    {
      config: WRITE,
      schema: { params: EntityPath, querystring: Type.Object({}, { additionalProperties: false }) },
    },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      await writeOne({ kind: 'delete', id: entityIdOf(request.params.entityId) }, asked.tenant);
      return reply.code(204).send();
    },
  );

  // 5.6.18 / 6.5.3.3
  app.put(
    '/entities/:entityId',
    {
      config: WRITE,
      schema: { params: EntityPath, querystring: Type.Object({}, { additionalProperties: false }) },
    },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const id = entityIdOf(request.params.entityId);
      const entity = parseEntity(asked.body, asked.names, { id, fragment: true });
      await writeOne({ kind: 'replace', entity }, asked.tenant);
      return reply.code(204).send();
    },
  );

  const MergeQuery = Type.Object(
    {
      options: Type.Optional(Type.String()),
      format: Type.Optional(Type.String()),
      observedAt: Type.Optional(Type.String()),
    },
    { additionalProperties: false },
  );

  // 5.6.17 / 6.5.3.4
  app.patch(
    '/entities/:entityId',
    { config: WRITE, schema: { params: EntityPath, querystring: MergeQuery } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const id = entityIdOf(request.params.entityId);
      const options = optionsOf(request.query);
      checkOptions(options, ['keyValues', 'simplified', 'normalized', 'concise']);
      const simplified =
        options.has('keyValues') ||
        options.has('simplified') ||
        ['keyValues', 'simplified'].includes(request.query.format ?? '');
      const entity = parseEntity(asked.body, asked.names, {
        id,
        fragment: true,
        nulls: true,
        simplified,
      });
      const { observedAt } = request.query;
      await writeOne(
        { kind: 'merge', entity, ...(observedAt ? { observedAt } : {}) },
        asked.tenant,
      );
      return reply.code(204).send();
    },
  );

  // 5.6.3 / 6.6.3.1
  app.post(
    '/entities/:entityId/attrs',
    { config: WRITE, schema: { params: EntityPath, querystring: Options } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const options = optionsOf(request.query);
      checkOptions(options, ['noOverwrite']);
      const entity = parseEntity(asked.body, asked.names, {
        id: entityIdOf(request.params.entityId),
        fragment: true,
      });
      const outcome = await writeOne(
        { kind: 'append', entity, keep: options.has('noOverwrite') },
        asked.tenant,
      );
      return sendUpdate(reply, outcome, entity.attributes);
    },
  );

  // 5.6.2 / 6.6.3.2
  app.patch(
    '/entities/:entityId/attrs',
    { config: WRITE, schema: { params: EntityPath, querystring: Options } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      checkOptions(optionsOf(request.query), []);
      const entity = parseEntity(asked.body, asked.names, {
        id: entityIdOf(request.params.entityId),
        fragment: true,
        nulls: true,
      });
      const outcome = await writeOne({ kind: 'update', entity }, asked.tenant);
      return sendUpdate(reply, outcome, entity.attributes);
    },
  );
};

type Reply = { code: (status: number) => { send: (body?: unknown) => unknown } };

/** 204 where all was done, else 207 with an UpdateResult (clause 5.2.18), in full names (clause 6.3.6). */
const sendUpdate = (reply: Reply, outcome: Exclude<Outcome, { done: 'refused' }>, sent: object) => {
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
