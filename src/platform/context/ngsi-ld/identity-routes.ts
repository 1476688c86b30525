import { Type } from 'typebox';
import type { App } from '#kernel/http';
import { acceptedOf, readAsked, sendLd } from './asked.ts';
import type { Door } from './door.ts';

/** `/info/sourceIdentity`: clauses 5.15.1 and 6.33. */
export const addIdentityRoutes = (app: App, { contexts, identity }: Door) => {
  // 5.15.1 / 6.33.3.1
  app.get(
    '/info/sourceIdentity',
    {
      config: { action: 'context.entity.read' },
      schema: { querystring: Type.Object({}, { additionalProperties: false }) },
    },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const accepted = acceptedOf(request);
      return sendLd(reply, accepted, asked, await identity.describe(asked.tenant));
    },
  );
};
