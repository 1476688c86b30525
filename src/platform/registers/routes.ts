import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '#kernel/database';
import type { App } from '#kernel/http';
import { type StoredBoundary, findBoundary, listBoundaries } from './boundaries.ts';
import { type CalendarAnswer, describeYear } from './calendar-year.ts';
import { answers, questions } from './contract.ts';
import { type Day, inForce, isDay } from './days.ts';
import type { Registers } from './index.ts';
import { loadLand } from './land.ts';
import { type Place, placeOfDistrict } from './places.ts';
import type { CityProfile } from './profile.ts';
import { searchRegisters } from './search.ts';
import { Refusal } from '#kernel/errors';

const READ = { action: 'registers.read' };
const TAGS = ['registers'];
const MAP_CACHE_SECONDS = 86_400;
const SEARCH_ITEMS_DEFAULT = 10;

type Needs = {
  readonly api: Registers;
  readonly profile: CityProfile;
  readonly streets: readonly Place[];
  readonly database: Database;
  readonly today: () => Day;
};

/** A text that stays the same while the process runs, made when first asked for, answered with 304 to who has it. */
const openCached = (make: () => unknown) => {
  let kept: { text: string; etag: string } | undefined;
  return (request: FastifyRequest, reply: FastifyReply) => {
    if (!kept) {
      const text = JSON.stringify(make());
      kept = {
        text,
        etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`,
      };
    }
    reply.header('cache-control', `public, max-age=${MAP_CACHE_SECONDS}`).header('etag', kept.etag);
    return request.headers['if-none-match'] === kept.etag
      ? reply.code(304).send()
      : reply.type('application/geo+json').send(kept.text);
  };
};

const toAnswer = ({ level, name, code, parent }: Place) => ({
  code,
  kind: level,
  name: { zh: name.zh, en: name.en ?? name.zh },
  parent: parent ?? null,
});

const toFeature = ({ code, area, ...rest }: StoredBoundary) => ({
  type: 'Feature' as const,
  id: code,
  properties: { code, ...rest },
  geometry: area,
});

/** The city as it is: places, bodies, calendar, outline. */
export const addRoutes = (app: App, { api, profile, streets, database, today }: Needs) => {
  const dayOf = (on: string | undefined): Day => {
    if (on !== undefined && !isDay(on)) throw new Refusal('invalid', `on=${on} is no day.`, { on });
    return on ?? today();
  };
  const get = { config: READ };
  const outline = openCached(api.outline);
  const land = openCached(loadLand);

  app.get(
    '/city',
    { ...get, schema: { tags: TAGS, summary: 'The city', response: { 200: answers.city } } },
    async () => {
      const { any } = await findBoundary(database, [...profile.city.centre]);
      return {
        ...profile.city,
        boundaries: any ? ('imported' as const) : ('approximate' as const),
      };
    },
  );
  app.get(
    '/districts',
    {
      ...get,
      schema: {
        tags: TAGS,
        summary: 'Districts and counties in force on a day',
        querystring: questions.onDay,
        response: { 200: answers.districts },
      },
    },
    async (request) => {
      const on = dayOf(request.query.on);
      return { on, items: api.districts(on).map((d) => ({ ...d, approximate: true as const })) };
    },
  );
  app.get(
    '/outline',
    {
      ...get,
      schema: { tags: TAGS, summary: 'The outline of the city and its neighbours (GeoJSON)' },
    },
    outline,
  );
  app.get(
    '/land',
    { ...get, schema: { tags: TAGS, summary: 'The land of the world for low zooms (GeoJSON)' } },
    land,
  );
  app.get(
    '/boundaries',
    {
      ...get,
      schema: {
        tags: TAGS,
        summary: 'Imported official boundaries',
        response: { 200: answers.geoJson },
      },
    },
    async () => ({
      type: 'FeatureCollection' as const,
      features: (await listBoundaries(database)).map(toFeature),
    }),
  );
  app.get(
    '/places',
    {
      ...get,
      schema: {
        tags: TAGS,
        summary:
          'What lies directly below a place: districts of the city, streets and towns of a district',
        querystring: questions.places,
        response: { 200: answers.places },
      },
    },
    async (request) => {
      const parent = request.query.parent ?? profile.city.code;
      const below =
        parent === profile.city.code
          ? api.districts().map((d) => placeOfDistrict(d, profile.city))
          : streets.filter((street) => street.parent === parent);
      if (below.length === 0)
        throw new Refusal('not-found', `Today there is no district ${parent} here.`, { parent });
      return { items: below.map(toAnswer) };
    },
  );
  app.get(
    '/bodies',
    {
      ...get,
      schema: {
        tags: TAGS,
        summary: 'Bodies in force on a day, with the clauses they answer for',
        querystring: questions.onDay,
        response: { 200: answers.bodies },
      },
    },
    async (request) => {
      const on = dayOf(request.query.on);
      return { on, items: api.bodies(on) };
    },
  );
  app.get(
    '/calendar/:year',
    {
      ...get,
      schema: {
        tags: TAGS,
        summary: 'Days off and worked weekend days of a year',
        params: questions.year,
        response: { 200: answers.calendar },
      },
    },
    async (request): Promise<CalendarAnswer> =>
      describeYear(profile, api.calendar(), request.params.year),
  );
  app.get(
    '/search',
    {
      ...get,
      schema: {
        tags: TAGS,
        summary:
          'Places and bodies by name: Chinese anywhere in it, English from the beginning of a word',
        querystring: questions.search,
        response: { 200: answers.search },
      },
    },
    async (request) => {
      const { text, limit = SEARCH_ITEMS_DEFAULT } = request.query;
      const places = [...api.districts().map((d) => placeOfDistrict(d, profile.city)), ...streets];
      const bodies = profile.bodies.filter((body) => inForce(body, today()));
      const found = searchRegisters({ places, bodies }, text, limit);
      return {
        places: found.places.map(toAnswer),
        bodies: found.bodies.map(({ id, name }) => ({ id, name })),
      };
    },
  );
};
