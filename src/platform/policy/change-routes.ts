import { Type } from 'typebox';
import type { App } from '#kernel/http';
import type { Changes } from './changes/changes.ts';
import { Change, Emergency, NewChange, NewEmergency, NewReview, NewVerdict } from './contract.ts';
import type { Emergencies } from './emergencies/emergencies.ts';
import { IdPath } from './routes.ts';

const TAGS = ['policy'];
const SEE = { action: 'policy.see-rights' };
const CHANGE = { action: 'policy.change-rights' };
const BREAK = { action: 'policy.break-glass' };

/** Changes that need two people, and accesses that somebody answers for. */
export const addChangeRoutes = (
  app: App,
  { changes, emergencies }: { changes: Changes; emergencies: Emergencies },
) => {
  const listed = Type.Object({ items: Type.Array(Change) });
  app.get(
    '/changes',
    { config: SEE, schema: { tags: TAGS, response: { 200: listed } } },
    async () => ({
      items: await changes.list(),
    }),
  );
  app.post(
    '/changes',
    { config: CHANGE, schema: { tags: TAGS, body: NewChange, response: { 201: Change } } },
    async ({ body, actor }, reply) => reply.code(201).send(await changes.propose(body, actor)),
  );
  app.post(
    '/changes/:id/decision',
    {
      config: CHANGE,
      schema: { tags: TAGS, params: IdPath, body: NewVerdict, response: { 200: Change } },
    },
    async ({ params, body, actor }) => changes.decide(params.id, body.state, actor),
  );

  const found = Type.Object({ items: Type.Array(Emergency) });
  app.get(
    '/emergencies',
    { config: SEE, schema: { tags: TAGS, response: { 200: found } } },
    async () => ({ items: await emergencies.list() }),
  );
  app.get(
    '/emergencies/own',
    { config: BREAK, schema: { tags: TAGS, response: { 200: found } } },
    async ({ actor }) => ({ items: await emergencies.list(actor.id) }),
  );
  app.post(
    '/emergencies',
    { config: BREAK, schema: { tags: TAGS, body: NewEmergency, response: { 201: Emergency } } },
    async ({ body, actor }, reply) => reply.code(201).send(await emergencies.begin(body, actor)),
  );
  app.delete(
    '/emergencies/:id',
    { config: BREAK, schema: { tags: TAGS, params: IdPath, response: { 200: Emergency } } },
    async ({ params, actor }) => emergencies.end(params.id, actor),
  );
  app.post(
    '/emergencies/:id/review',
    {
      config: { action: 'policy.review-emergencies' },
      schema: { tags: TAGS, params: IdPath, body: NewReview, response: { 200: Emergency } },
    },
    async ({ params, body, actor }) => emergencies.review(params.id, body, actor),
  );
};
