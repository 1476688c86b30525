import { Type } from 'typebox';
import { schemasOf } from '#kernel/boot';
import type { App } from '#kernel/http';
import type { Module } from '#kernel/module';
import type { Nats } from '#kernel/nats';
import type { Outbox } from '#kernel/outbox';
import { type Audit, byOf } from '#platform/audit';
import type { Context } from '#platform/context';
import { type AboutNeeds, aboutHouse } from './about.ts';
import { openArchiveStream } from './archive-stream.ts';

const OPERATE = { action: 'house.operate' };
const DEAD_LETTERS_MAX = 200;

type Needs = AboutNeeds & {
  readonly outbox: Outbox;
  readonly nats: Nats | undefined;
  readonly context: Context;
  readonly audit: Audit;
  readonly modules: readonly Module[];
};

/** What an operator asks of the running house: how it is, what could not be delivered, and a copy of everything. */
export const addOperations = (
  app: App,
  { outbox, nats, context, audit, modules, ...house }: Needs,
) => {
  const { database, version, config } = house;
  app.get(
    '/api/house/status',
    {
      config: OPERATE,
      schema: { response: { 200: Type.Object({}, { additionalProperties: true }) } },
    },
    async () => ({
      ...aboutHouse(house),
      database: await database.status(),
      entities: await context.types(),
      consumers: await outbox.lags(),
      deadLetters: await outbox.countDeadLetters(),
      droppedLetters: await outbox.countDroppedLetters(),
      ...(nats && { nats: nats.isUp() ? 'up' : 'away' }),
    }),
  );

  app.get('/api/house/dead-letters', { config: OPERATE }, async () => ({
    deadLetters: await outbox.deadLetters(DEAD_LETTERS_MAX),
    dropped: await outbox.countDroppedLetters(),
  }));

  // One more try of one letter: the letter is gone when it was taken.
  app.post(
    '/api/house/dead-letters/:id/attempts',
    {
      config: OPERATE,
      schema: {
        params: Type.Object({
          id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
        }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await outbox.replay(id);
      await audit.recordAlone({
        ...byOf(request),
        action: 'house.event-replayed',
        subject: { kind: 'dead-letter', id: String(id) },
        outcome: 'done',
      });
      return reply.code(204).send();
    },
  );

  app.get('/api/house/archive', { config: { action: 'house.archive' } }, async (request, reply) => {
    // Before it is made, so that the copy itself holds who took it.
    await audit.recordAlone({
      ...byOf(request),
      action: 'house.archive-taken',
      subject: { kind: 'archive', id: request.id },
      outcome: 'done',
    });
    return reply
      .type('application/x-ndjson')
      .send(await openArchiveStream(database, schemasOf(modules), version, config.dataDir));
  });
};
