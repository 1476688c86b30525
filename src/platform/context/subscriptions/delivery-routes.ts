import { Type } from 'typebox';
import type { Database } from '#kernel/database';
import type { App } from '#kernel/http';
import type { Clock } from '#kernel/time';
import { type Audit, byOf } from '#platform/audit';
import { type Delivery, listDeliveries, replayDelivery, replayEndpoint } from './deliveries.ts';
import { countSubscriptions, listEndpoints, listSummaries } from './overview.ts';

const ITEMS_MAX = 500;
const ITEMS_DEFAULT = 50;

const State = Type.Union([
  Type.Literal('waiting'),
  Type.Literal('delivered'),
  Type.Literal('dead'),
]);
const Asked = Type.Object(
  {
    subscription: Type.Optional(Type.String()),
    endpoint: Type.Optional(Type.String()),
    state: Type.Optional(State),
    before: Type.Optional(
      Type.Integer({ minimum: 1, description: 'The number of the last one seen' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: ITEMS_MAX })),
  },
  { additionalProperties: false },
);
const DeliveryShape = Type.Object({
  number: Type.Integer(),
  id: Type.String({ description: 'The id of the notification, the same at every attempt' }),
  tenant: Type.String(),
  subscription: Type.String(),
  endpoint: Type.String(),
  state: State,
  attempts: Type.Integer(),
  createdAt: Type.String(),
  attemptedAt: Type.Union([Type.String(), Type.Null()]),
  status: Type.Union([Type.Integer(), Type.Null()]),
  error: Type.Union([Type.String(), Type.Null()]),
});
const Listed = Type.Object({
  items: Type.Array(DeliveryShape),
  before: Type.Union([Type.Integer(), Type.Null()]),
});

const Instant = Type.Union([Type.String(), Type.Null()]);
const EndpointShape = Type.Object({
  uri: Type.String({ description: 'Without its password' }),
  health: Type.Union([Type.Literal('well'), Type.Literal('failing'), Type.Literal('paused')]),
  failures: Type.Integer({ description: 'In a row' }),
  dueAt: Instant,
  waiting: Type.Integer(),
  oldestWaitingAt: Instant,
  dead: Type.Integer(),
});
const SummaryShape = Type.Object({
  tenant: Type.String(),
  id: Type.String(),
  name: Type.Union([Type.String(), Type.Null()]),
  about: Type.Union([Type.Literal('entities'), Type.Literal('registrations')]),
  status: Type.Union([Type.Literal('active'), Type.Literal('paused'), Type.Literal('expired')]),
  endpoint: Type.String({ description: 'Without its password' }),
  timesSent: Type.Integer(),
  timesFailed: Type.Integer(),
  lastNotification: Instant,
  lastSuccess: Instant,
  lastFailure: Instant,
});
const READ = { action: 'context.delivery.read' };
const REPLAY = { action: 'context.delivery.replay' };

type Needs = {
  database: Database;
  clock: Clock;
  audit: Pick<Audit, 'record'>;
  wake: () => void;
};

/** For the operator: who is told, how receivers do, what was told to whom, what failed, and another try. */
export const addDeliveryRoutes = (app: App, { database, clock, audit, wake }: Needs) => {
  app.get(
    '/subscriptions',
    {
      config: READ,
      schema: {
        response: {
          200: Type.Object({ total: Type.Integer(), items: Type.Array(SummaryShape) }),
        },
      },
    },
    async () => ({
      total: await countSubscriptions(database),
      items: await listSummaries(database, clock.now(), ITEMS_MAX),
    }),
  );

  app.get(
    '/endpoints',
    {
      config: READ,
      schema: { response: { 200: Type.Object({ items: Type.Array(EndpointShape) }) } },
    },
    async () => ({ items: await listEndpoints(database) }),
  );

  app.post(
    '/replays',
    {
      config: REPLAY,
      schema: {
        body: Type.Object(
          { endpoint: Type.String({ minLength: 1, maxLength: 2_000 }) },
          { additionalProperties: false },
        ),
        response: { 202: Type.Object({ replayed: Type.Integer(), left: Type.Integer() }) },
      },
    },
    async (request, reply) => {
      const replayed = await replayEndpoint(
        { database, audit },
        request.body.endpoint,
        byOf(request),
      );
      wake();
      return reply.code(202).send(replayed);
    },
  );

  app.get(
    '/deliveries',
    {
      config: READ,
      schema: { querystring: Asked, response: { 200: Listed } },
    },
    async (request) => {
      const { limit = ITEMS_DEFAULT, ...asked } = request.query;
      const items = await listDeliveries(database, { ...asked, limit });
      return { items, before: items.length === limit ? items.at(-1)!.number : null };
    },
  );

  app.post(
    '/deliveries/:id/attempts',
    {
      config: REPLAY,
      schema: { params: Type.Object({ id: Type.String() }), response: { 202: DeliveryShape } },
    },
    async (request, reply): Promise<Delivery> => {
      const delivery = await replayDelivery({ database, audit }, request.params.id, byOf(request));
      wake();
      return reply.code(202).send(delivery);
    },
  );
};
