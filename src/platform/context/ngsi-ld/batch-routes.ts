import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { type EntityReading, parseEntity } from '../entity/parse.ts';
import { checkId } from '../entity/uri.ts';
import { coreNames, iriOf, type Names } from '../jsonld/compile.ts';
import type { Fragment } from '../model.ts';
import type { Aim, Operation } from '../operations.ts';
import { aimOf, LOCAL } from './aim.ts';
import { namesOfItem, readAsked } from './asked.ts';
import type { Door } from './door.ts';
import { toLdProblem } from './errors.ts';
import { type Done, type Failed, idsOf, partOutcomes, sendMixed } from './outcomes.ts';
import { checkOptions, optionsOf } from './parameters.ts';

const WRITE = { action: 'context.entity.write' };
const BATCH_ENTITIES_MAX = 1000;
const Query = Type.Object(
  { ...LOCAL, options: Type.Optional(Type.String()) },
  { additionalProperties: false },
);

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

/** Clauses 5.6.9.4 and 5.6.3.4: an entity that keeps some of its attributes was not updated as it was asked to be. */
const withKept = ({ done, failed }: Answered, requestId: string): Answered => ({
  done: done.filter(({ notUpdated }) => !notUpdated),
  failed: [
    ...failed,
    ...done.flatMap(({ id, notUpdated }) => {
      if (!notUpdated) return [];
      const names = notUpdated.map(({ name }) => iriOf(name)).join(', ');
      const kept = new Refusal('conflict', `It keeps what it has of ${names} (clause 5.6.3.4).`);
      return [{ entityId: id, error: toLdProblem(kept, requestId) }];
    }),
  ],
});

type Asking = FastifyRequest<{ Querystring: { local?: string; options?: string } }>;
type Answered = { done: Done[]; failed: Failed[] };

/** 5.6.7–5.6.10 and 5.6.20 / 6.14–6.17 and 6.31: each item stands for itself; what fails is answered beside what was done. */
export const addBatchRoutes = (app: App, { contexts, writer }: Door) => {
  /** All items that can be read go to one write, in their order (clause 4.6.6). */
  const run = async (
    request: Asking,
    toOperation: (item: unknown, names: () => Promise<Names>) => Promise<Operation>,
  ): Promise<Answered> => {
    const asked = await readAsked(request, contexts);
    const failed: Failed[] = [];
    const operations: Operation[] = [];
    for (const item of listOf(asked.body))
      try {
        const names = () => namesOfItem(request, contexts, item, asked.link);
        operations.push(await toOperation(item, names));
      } catch (error) {
        failed.push({ entityId: idIn(item), error: toLdProblem(error, request.id) });
      }
    const outcomes = operations.length > 0 ? await writer.write(operations, asked.tenant) : [];
    const parted = partOutcomes(outcomes, request.id);
    return { done: parted.done, failed: [...failed, ...parted.failed] };
  };

  const runEntities = (
    request: Asking,
    reading: EntityReading,
    toOperation: (entity: Fragment, aim: Aim) => Operation,
  ) =>
    run(request, async (item, namesOf) => {
      const names = await namesOf();
      return toOperation(parseEntity(item, names, reading), aimOf(request.query, names));
    });

  // 5.6.7 / 6.14.3.1
  app.post(
    '/entityOperations/create',
    { config: WRITE, schema: { querystring: Query } },
    async (request, reply) => {
      checkOptions(optionsOf(request.query), []);
      const { done, failed } = await runEntities(request, {}, (entity, aim) => ({
        kind: 'create',
        entity,
        ...aim,
      }));
      return failed.length > 0 ? sendMixed(reply, done, failed) : reply.code(201).send(idsOf(done));
    },
  );

  // 5.6.8 / 6.15.3.1
  app.post(
    '/entityOperations/upsert',
    { config: WRITE, schema: { querystring: Query } },
    async (request, reply) => {
      const options = optionsOf(request.query);
      checkOptions(options, ['replace', 'update']);
      if (options.size > 1)
        throw new Refusal('invalid', 'Either replace or update is meant, not both (5.6.8.3).');
      const kind = options.has('update') ? 'append' : 'replace';
      const { done, failed } = await runEntities(request, {}, (entity, aim) => ({
        kind,
        entity,
        orCreate: true,
        ...aim,
      }));
      if (failed.length > 0) return sendMixed(reply, done, failed);
      const made = idsOf(done, 'created');
      return made.length > 0 ? reply.code(201).send(made) : reply.code(204).send();
    },
  );

  // 5.6.9 / 6.16.3.1
  app.post(
    '/entityOperations/update',
    { config: WRITE, schema: { querystring: Query } },
    async (request, reply) => {
      const options = optionsOf(request.query);
      checkOptions(options, ['noOverwrite']);
      const keep = options.has('noOverwrite');
      const answered = await runEntities(request, { fragment: true }, (entity, aim) => ({
        kind: 'append',
        entity,
        keep,
        ...aim,
      }));
      const { done, failed } = withKept(answered, request.id);
      return failed.length > 0 ? sendMixed(reply, done, failed) : reply.code(204).send();
    },
  );

  // 5.6.20 / 6.31.3.1
  app.post(
    '/entityOperations/merge',
    { config: WRITE, schema: { querystring: Query } },
    async (request, reply) => {
      checkOptions(optionsOf(request.query), []);
      const reading = { fragment: true, nulls: true, merges: true };
      const { done, failed } = await runEntities(request, reading, (entity, aim) => ({
        kind: 'merge',
        entity,
        ...aim,
      }));
      return failed.length > 0 ? sendMixed(reply, done, failed) : reply.code(204).send();
    },
  );

  // 5.6.10 / 6.17.3.1
  app.post(
    '/entityOperations/delete',
    {
      config: WRITE,
      schema: { querystring: Type.Object(LOCAL, { additionalProperties: false }) },
    },
    async (request, reply) => {
      const { done, failed } = await run(request, async (item) => ({
        kind: 'delete',
        id: checkId(item),
        ...aimOf(request.query, coreNames),
      }));
      return failed.length > 0 ? sendMixed(reply, done, failed) : reply.code(204).send();
    },
  );
};
