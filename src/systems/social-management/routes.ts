import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { parseInstant } from '#kernel/time';
import { AIR_LEVELS } from './air/levels.ts';
import { AirLevelView, Typhoon, TyphoonState, TyphoonSummary } from './contract.ts';
import type { Place } from './typhoon/sphere.ts';
import type { Typhoons } from './typhoon/typhoons.ts';

const PAGE_ITEMS_MAX = 500;

const NEAR = /^(-?\d{1,3}(?:\.\d{1,12})?),(-?\d{1,2}(?:\.\d{1,12})?)$/;

/** `near=lon,lat` of the query. */
const readPlace = (text: string | undefined): Place | undefined => {
  if (text === undefined) return undefined;
  const m = NEAR.exec(text);
  const [lon, lat] = [Number(m?.[1]), Number(m?.[2])];
  if (!m || Math.abs(lon) > 180 || Math.abs(lat) > 90)
    throw new Refusal('invalid', 'near is longitude,latitude in degrees, such as 121.55,29.87.', {
      near: text,
    });
  return [lon, lat];
};

const Near = Type.Optional(
  Type.String({
    maxLength: 64,
    description: 'longitude,latitude; the centre of the city unless told',
  }),
);
const whole = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const Season = Type.Optional(Type.String({ pattern: '^\\d{4}$' }));
const Sn = Type.Object({ sn: Type.String({ pattern: '^\\d{6}$' }) });

/** Typhoons: the list, one with its track and its passage, and where it was at an instant. Near the city unless told. */
export const addTyphoonRoutes = (app: App, typhoons: Typhoons, cityCentre: () => Place) => {
  const config = { action: 'social-management.typhoon.read' };
  const tags = ['social-management'];

  app.get(
    '/typhoons',
    {
      config,
      schema: {
        tags,
        summary: 'Typhoons, and how near they came to a place',
        querystring: Type.Object({
          near: Near,
          withinKm: Type.Optional(Type.String({ pattern: '^\\d{1,5}(\\.\\d{1,3})?$' })),
          fromSeason: Season,
          toSeason: Season,
          afterSn: Type.Optional(Type.String({ pattern: '^\\d{6}$' })),
          limit: Type.Optional(Type.String({ pattern: '^\\d{1,3}$' })),
        }),
        response: { 200: Type.Array(TyphoonSummary) },
      },
    },
    async ({ query }) =>
      typhoons.list({
        near: readPlace(query.near) ?? cityCentre(),
        withinKm: whole(query.withinKm),
        fromSeason: whole(query.fromSeason),
        toSeason: whole(query.toSeason),
        afterSn: query.afterSn,
        limit: Math.min(whole(query.limit) ?? 100, PAGE_ITEMS_MAX),
      }),
  );

  app.get(
    '/typhoons/:sn',
    {
      config,
      schema: {
        tags,
        summary: 'A typhoon with its track and its passage near a place',
        params: Sn,
        querystring: Type.Object({ near: Near }),
        response: { 200: Typhoon },
      },
    },
    async ({ params, query }) => typhoons.get(params.sn, readPlace(query.near) ?? cityCentre()),
  );

  app.get(
    '/typhoons/:sn/states/:at',
    {
      config,
      schema: {
        tags,
        summary: 'Where a typhoon was at an instant, between the points of its track',
        params: Type.Object({ ...Sn.properties, at: Type.String({ maxLength: 40 }) }),
        response: { 200: TyphoonState },
      },
    },
    async ({ params }) => {
      const at = parseInstant(params.at);
      if (at === undefined)
        throw new Refusal('invalid', `${params.at} is no instant such as 2021-07-25T18:00:00Z.`);
      return typhoons.getState(params.sn, at);
    },
  );
};

/** Air quality: the levels of HJ 633-2012 with their names and colours, for legends. */
export const addAirRoutes = (app: App) => {
  const levels = AIR_LEVELS.map(({ level, upTo, name, colour }, i) => ({
    level,
    from: (AIR_LEVELS[i - 1]?.upTo ?? -1) + 1,
    ...(Number.isFinite(upTo) && { to: upTo }),
    name: { ...name },
    colour,
  }));
  app.get(
    '/air-quality/levels',
    {
      config: { action: 'social-management.air-quality.read' },
      schema: {
        tags: ['social-management'],
        summary: 'Levels of air quality by HJ 633-2012',
        response: { 200: Type.Array(AirLevelView) },
      },
    },
    async () => levels,
  );
};
