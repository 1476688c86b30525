import type { Database } from '#kernel/database';

/** What a city has is tens; beyond this somebody is trying names out. */
const REMEMBERED_MAX = 10_000;

/** A tenant is there once something of it was written (clause 5.5.10). */
const EXISTS = `
  select exists (select 1 from context.entities where tenant = $1)
    or exists (select 1 from context.history where tenant = $1)
    or exists (select 1 from context.subscriptions where tenant = $1)
    or exists (select 1 from context.registrations where tenant = $1) as found`;

/** Which tenants there are. That one is there is remembered, as tenants hardly ever go; that it is not is asked anew. */
export const openTenants = (database: Database) => {
  const known = new Set<string>();
  return {
    exists: async (tenant: string): Promise<boolean> => {
      if (tenant === '' || known.has(tenant)) return true;
      const [row] = await database.query<{ found: boolean }>(EXISTS, [tenant], 'context-tenant');
      if (!row?.found) return false;
      if (known.size >= REMEMBERED_MAX) known.clear();
      known.add(tenant);
      return true;
    },
  };
};
export type Tenants = ReturnType<typeof openTenants>;
