import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { checkId, type EntityReading, parseEntity } from '../entity/parse.ts';
import type { Fragment } from '../model.ts';
import type { Operation, Outcome } from '../operations.ts';
import { namesOfItem, readAsked } from './asked.ts';
import type { Door } from './door.ts';
import { raise } from './entity-routes.ts';
import { type LdProblem, toLdProblem } from './errors.ts';
import { checkOptions, optionsOf } from './parameters.ts';

const WRITE = { action: 'context.entity.write' };
const BATCH_ENTITIES_MAX = 1000;
const Query = Type.Object(
  { options: Type.Optional(Type.String()) },
  { additionalProperties: false },
);

type Failed = { entityId: string; error: LdProblem };

const listOf = (body: unknown): readonly unknown[] => {
  if (!Array.isArray(body) || body.length === 0)
    throw new Refusal('invalid', 'A batch is a list of at least one (clause 5.6.7).');
  if (body.includes(null))
    throw new Refusal('invalid', 'A batch holds no null (clauses 5.6.7 to 5.6.10).');
  if (body.length > BATCH_ENTITIES_MAX)
    throw new Refusal('too-large', `A batch holds at most ${BATCH_ENTITIES_MAX} entities.`);
  return body;
};

const idIn = (item: unknown): string => {
  const id =
    typeof item === 'object' && item !== null
      ? ((item as { id?: unknown }).id ?? (item as { '@id'?: unknown })['@id'])
      : item;
  return typeof id === 'string' ? id : '';
};

/** 5.6.7–5.6.10 and 5.6.20 / 6.14–6.17 and 6.31: each item stands for itself; what fails is answered beside what was done. */
export const addBatchRoutes = (app: App, { contexts, writer }: Door) => {
  const run = async (
    request: FastifyRequest,
    reading: EntityReading,
    toOperation: (entity: Fragment) => Operation,
  ): Promise<{ outcomes: Outcome[]; failed: Failed[]; tenant: string }> => {
    const asked = await readAsked(request, contexts);
    const failed: Failed[] = [];
    const operations: Operation[] = [];
    for (const item of listOf(asked.body))
      try {
        const names = await namesOfItem(request, contexts, item, asked.link);
        operations.push(toOperation(parseEntity(item, names, reading)));
      } catch (error) {
        failed.push({ entityId: idIn(item), error: toLdProblem(error, request.id) });
      }
    return write(operations, failed, asked.tenant, request.id);
  };

  const write = async (
    operations: readonly Operation[],
    failed: Failed[],
    tenant: string,
    requestId: string,
  ) => {
    const outcomes: Outcome[] = [];
    for (const outcome of await writer.write(operations, tenant))
      try {
        outcomes.push(raise(outcome));
      } catch (error) {
        failed.push({ entityId: outcome.id, error: toLdProblem(error, requestId) });
      }
    return { outcomes, failed, tenant };
  };

  const idsOf = (outcomes: readonly Outcome[], done?: Outcome['done']) =>
    outcomes.filter((o) => done === undefined || o.done === done).map((o) => o.id);

  const sendMixed = (
    reply: FastifyReply,
    outcomes: readonly Outcome[],
    errors: readonly Failed[],
  ) => reply.code(207).send({ success: idsOf(outcomes), errors });

  app.post(
    '/entityOperations/create',
    { config: WRITE, schema: { querystring: Query } },
    async (request, reply) => {
      const { outcomes, failed } = await run(request, {}, (entity) => ({ kind: 'create', entity }));
      return failed.length > 0
        ? sendMixed(reply, outcomes, failed)
        : reply.code(201).send(idsOf(outcomes));
    },
  );

  app.post(
    '/entityOperations/upsert',
    { config: WRITE, schema: { querystring: Query } },
    async (request, reply) => {
      const options = optionsOf(request.query);
      checkOptions(options, ['replace', 'update']);
      const { outcomes, failed } = await run(request, {}, (entity) =>
        options.has('update')
          ? { kind: 'append', entity, orCreate: true }
          : { kind: 'replace', entity, orCreate: true },
      );
      if (failed.length > 0) return sendMixed(reply, outcomes, failed);
      const made = idsOf(outcomes, 'created');
      return made.length > 0 ? reply.code(201).send(made) : reply.code(204).send();
    },
  );

  app.post(
    '/entityOperations/update',
    { config: WRITE, schema: { querystring: Query } },
    async (request, reply) => {
      const options = optionsOf(request.query);
      checkOptions(options, ['noOverwrite']);
      const { outcomes, failed } = await run(request, { fragment: true }, (entity) => ({
        kind: 'append',
        entity,
        keep: options.has('noOverwrite'),
      }));
      return failed.length > 0 ? sendMixed(reply, outcomes, failed) : reply.code(204).send();
    },
  );

  app.post(
    '/entityOperations/merge',
    { config: WRITE, schema: { querystring: Query } },
    async (request, reply) => {
      checkOptions(optionsOf(request.query), []);
      const { outcomes, failed } = await run(
        request,
        { fragment: true, nulls: true },
        (entity) => ({ kind: 'merge', entity }),
      );
      return failed.length > 0 ? sendMixed(reply, outcomes, failed) : reply.code(204).send();
    },
  );

  app.post(
    '/entityOperations/delete',
    { config: WRITE, schema: { querystring: Type.Object({}, { additionalProperties: false }) } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const failed: Failed[] = [];
      const operations: Operation[] = [];
      for (const item of listOf(asked.body))
        try {
          operations.push({ kind: 'delete', id: checkId(item) });
        } catch (error) {
          failed.push({ entityId: idIn(item), error: toLdProblem(error, request.id) });
        }
      const done = await write(operations, failed, asked.tenant, request.id);
      return done.failed.length > 0
        ? sendMixed(reply, done.outcomes, done.failed)
        : reply.code(204).send();
    },
  );
};
