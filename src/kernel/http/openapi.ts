import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';

/** OpenAPI 3.1 made from the routes' own schemas. */
export const openApiInfo = (version: string): FastifyDynamicSwaggerOptions => ({
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
