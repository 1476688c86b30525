import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';

/** What is shown of an action: its title, and whether anyone may do it. */
export type DescribedAction = {
  readonly title: { readonly zh: string; readonly en: string };
  readonly grant: readonly string[];
};

/** OpenAPI 3.1 made from the routes' own schemas; what a route does not say of itself, its action says. */
export const openApiInfo = (
  version: string,
  actions: ReadonlyMap<string, DescribedAction>,
): FastifyDynamicSwaggerOptions => ({
  transform: ({ schema, url, route }) => {
    const { action: id = '' } = route.config ?? {};
    const action = actions.get(id);
    if (!action) return { schema, url };
    const described = {
      summary: action.title.en,
      description: `${action.title.zh} (${id})`,
      ...schema,
      ...(action.grant.includes('anyone') ? { security: [] } : {}),
    };
    return { schema: described, url };
  },
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Sanjiang 三江',
      description: 'One live picture of the city, behind the open standard of each field.',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } as never,
    },
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'sj_session' },
      },
    },
    security: [{ bearer: [] }, { session: [] }],
  },
});
