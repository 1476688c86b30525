import type { App } from '#kernel/http';
import { GrantedActions, OwnActions } from './contract.ts';
import type { Rights } from './rights.ts';

const TAGS = ['policy'];

/** What one may do, and what everybody may. */
export const addRoutes = (app: App, { rights }: { rights: Rights }) => {
  app.get(
    '/me',
    {
      config: { action: 'policy.see-own-rights' },
      schema: { tags: TAGS, response: { 200: OwnActions } },
    },
    async ({ actor }) => ({
      actions: rights.actions.map(({ id }) => id).filter((id) => rights.allows(actor, id)),
    }),
  );
  app.get(
    '/actions',
    {
      config: { action: 'policy.see-rights' },
      schema: { tags: TAGS, response: { 200: GrantedActions } },
    },
    async () => ({ items: rights.actions }),
  );
};
