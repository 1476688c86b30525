import { Type } from 'typebox';
import type { Database } from '#kernel/database';
import type { App } from '#kernel/http';
import { listMap, MAP_FEATURES_MAX, MapAnswer, parseBbox } from './live/map.ts';
import { listTypes, searchEntities, TypeCount } from './live/census.ts';
import { Status } from './live/status.ts';
import type { SightOf } from './sight.ts';
import { listOf } from './live/stream-routes.ts';

const READ = { action: 'context.entity.read' };
const SEARCH_ITEMS_MAX = 50;
const SEARCH_ITEMS_DEFAULT = 10;

const MapQuery = Type.Object(
  {
    bbox: Type.String({ description: 'west,south,east,north in degrees' }),
    types: Type.Optional(Type.String({ description: 'Short or full type names, by comma' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAP_FEATURES_MAX })),
  },
  { additionalProperties: false },
);
const SearchQuery = Type.Object(
  {
    text: Type.String({ minLength: 1, maxLength: 100 }),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: SEARCH_ITEMS_MAX })),
  },
  { additionalProperties: false },
);
const Found = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      type: Type.String(),
      name: Type.Union([Type.String(), Type.Null()]),
      location: Type.Unknown(),
    }),
  ),
});

/** What our own pages ask besides the standard's door. The same rights, no privileges. */
export const addContextRoutes = (
  app: App,
  {
    database,
    status,
    sightOf,
  }: { database: Database; status: () => Promise<Status>; sightOf: SightOf },
) => {
  app.get(
    '/status',
    { config: { action: 'context.status.read' }, schema: { response: { 200: Status } } },
    status,
  );

  app.get(
    '/map',
    { config: READ, schema: { querystring: MapQuery, response: { 200: MapAnswer } } },
    async (request) => {
      const { bbox, types, limit = MAP_FEATURES_MAX } = request.query;
      const asked = listOf(types);
      return listMap(database, {
        bbox: parseBbox(bbox),
        limit,
        sight: sightOf(request.actor),
        ...(asked ? { types: asked } : {}),
      });
    },
  );

  app.get(
    '/types',
    { config: READ, schema: { response: { 200: Type.Object({ types: Type.Array(TypeCount) }) } } },
    async ({ actor }) => ({
      types: await listTypes(database, sightOf(actor)),
    }),
  );

  app.get(
    '/search',
    { config: READ, schema: { querystring: SearchQuery, response: { 200: Found } } },
    async (request) => ({
      items: await searchEntities(
        database,
        request.query.text,
        request.query.limit ?? SEARCH_ITEMS_DEFAULT,
        sightOf(request.actor),
      ),
    }),
  );
};
