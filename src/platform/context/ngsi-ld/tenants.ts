import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import type { Tenants } from '../store/tenants.ts';
import { TENANT } from './asked.ts';

/** Clause 5.5.10: what makes the tenant that it is for, by the end of its path. Upserts create too. */
const MAKES_TENANT = new Set([
  '/entities',
  '/entityOperations/create',
  '/entityOperations/upsert',
  '/temporal/entities',
  '/subscriptions',
  '/csourceRegistrations',
  '/csourceSubscriptions',
]);
/** What is the same for all of them: who we are, and the contexts that we keep. */
const FOR_ALL = /\/(?:info|jsonldContexts)(?:\/|$)/;

const isMaking = (method: string, route: string, prefix: string) =>
  method === 'POST' && MAKES_TENANT.has(route.slice(prefix.length).replace(/\/$/, ''));

/** Refuses operations on tenants that nobody made (clauses 5.5.10 and 6.3.14), but for those that make them. */
export const enterTenants = (app: App, tenants: Tenants): void => {
  app.addHook('preHandler', async ({ headers, method, routeOptions }) => {
    const tenant = headers['ngsild-tenant'];
    if (typeof tenant !== 'string' || tenant === '' || !TENANT.test(tenant)) return;
    const { url = '' } = routeOptions;
    if (FOR_ALL.test(url) || isMaking(method, url, app.prefix)) return;
    if (!(await tenants.exists(tenant)))
      throw new Refusal('not-found', `There is no tenant ${tenant} (clause 5.5.10).`, {
        tenant: true,
      });
  });
};
