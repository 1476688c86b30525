import { Type } from 'typebox';
import { schemasOf } from '#kernel/boot';
import type { Database } from '#kernel/database';
import type { App } from '#kernel/http';
import type { Module } from '#kernel/module';
import type { Outbox } from '#kernel/outbox';
import type { Context } from '#platform/context';
import { openArchiveStream } from './archive-stream.ts';

const OPERATE = { action: 'house.operate' };
const DEAD_LETTERS_MAX = 200;

type Needs = {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly context: Context;
  readonly modules: readonly Module[];
  readonly version: string;
  /** Where an archive waits for its reader. */
  readonly dataDir: string;
};

/** What an operator asks of the running house: how it is, what could not be delivered, and a copy of everything. */
export const addOperations = (
  app: App,
  { database, outbox, context, modules, version, dataDir }: Needs,
) => {
  app.get(
    '/api/house/status',
    {
      config: OPERATE,
      schema: { response: { 200: Type.Object({}, { additionalProperties: true }) } },
    },
    async () => {
      const about = (await app.inject('/api/house')).json() as object;
      const letters = await outbox.deadLetters(DEAD_LETTERS_MAX);
      return {
        ...about,
        database: await database.status(),
        entities: await context.types(),
        consumers: await outbox.lags(),
        deadLetters: letters.length,
      };
    },
  );

  app.get('/api/house/dead-letters', { config: OPERATE }, async () => ({
    deadLetters: await outbox.deadLetters(DEAD_LETTERS_MAX),
  }));

  // One more try of one letter: the letter is gone when it was taken.
  app.post(
    '/api/house/dead-letters/:id/attempts',
    { config: OPERATE, schema: { params: Type.Object({ id: Type.Integer({ minimum: 1 }) }) } },
    async (request, reply) => {
      await outbox.replay(request.params.id);
      return reply.code(204).send();
    },
  );

  app.get('/api/house/archive', { config: { action: 'house.archive' } }, async (_request, reply) =>
    reply
      .type('application/x-ndjson')
      .send(await openArchiveStream(database, schemasOf(modules), version, dataDir)),
  );
};
