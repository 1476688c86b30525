import { Type } from 'typebox';
import type { Database } from '#kernel/database';
import type { App } from '#kernel/http';
import { type Delivery, listDeliveries, replayDelivery } from './deliveries.ts';

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

/** The log of notifications, for the operator: what was told to whom, what failed, and another try. */
export const addDeliveryRoutes = (
  app: App,
  { database, wake }: { database: Database; wake: () => void },
) => {
  app.get(
    '/deliveries',
    {
      config: { action: 'context.delivery.read' },
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
      config: { action: 'context.delivery.replay' },
      schema: { params: Type.Object({ id: Type.String() }), response: { 202: DeliveryShape } },
    },
    async (request, reply): Promise<Delivery> => {
      const delivery = await replayDelivery(database, request.params.id);
      wake();
      return reply.code(202).send(delivery);
    },
  );
};
