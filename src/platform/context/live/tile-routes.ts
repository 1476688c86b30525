import { Type } from 'typebox';
import type { App } from '#kernel/http';
import type { SightOf } from '../sight.ts';
import type { Tiles } from './tile.ts';

const READ = { action: 'context.entity.read' };
/** A map that is looked at asks again as often; what did not change is not sent again. */
const FRESH_SECONDS = 5;

const Place = Type.Object({
  type: Type.String({ minLength: 1, maxLength: 600, description: 'Short or full type name' }),
  z: Type.Integer({ minimum: 0 }),
  x: Type.Integer({ minimum: 0 }),
  y: Type.String({ pattern: '^\\d{1,8}\\.mvt$', description: 'Row and ".mvt"' }),
});
const Query = Type.Object(
  { tenant: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' })) },
  { additionalProperties: false },
);

/** `/tiles/{type}/{z}/{x}/{y}.mvt`: vector tiles by type, for any map that reads XYZ tiles. */
export const addTileRoutes = (app: App, { tiles, sightOf }: { tiles: Tiles; sightOf: SightOf }) => {
  app.get(
    '/tiles/:type/:z/:x/:y',
    { config: READ, schema: { params: Place, querystring: Query } },
    async (request, reply) => {
      const { type, z, x, y } = request.params;
      const { bytes, etag, more } = await tiles.get({
        type,
        z,
        x,
        y: Number.parseInt(y, 10),
        tenant: request.query.tenant ?? '',
        sight: sightOf(request.actor),
      });
      reply.header('cache-control', `max-age=${FRESH_SECONDS}`).header('etag', etag);
      if (more) reply.header('tile-truncated', 'true');
      if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send();
      if (bytes.length === 0) return reply.code(204).send();
      return reply.type('application/vnd.mapbox-vector-tile').send(bytes);
    },
  );
};
