import { Type, type Static } from 'typebox';

/** The feed writes every value as text, and `-;` for a missing one. */
export const MISSING = '-;';

/**
 * One station in one hour, as the national network's publication names it. The hourly ozone stands under `o3_24h` and the
 * day's greatest hour under `o3`: only this reading agrees with the published indices.
 */
export const StationHour = Type.Object({
  geometry: Type.Object({
    type: Type.Literal('Point'),
    coordinates: Type.Tuple([
      Type.Number({ minimum: -180, maximum: 180 }),
      Type.Number({ minimum: -90, maximum: 90 }),
    ]),
  }),
  properties: Type.Object({
    stationcode: Type.String({ pattern: '^[0-9A-Za-z]{1,16}$' }),
    positionname: Type.String({ minLength: 1 }),
    area: Type.String(),
    timepoint: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$' }),
    aqi: Type.String(),
    so2: Type.String(),
    so2_24h: Type.String(),
    no2: Type.String(),
    pm10: Type.String(),
    pm2_5: Type.String(),
    co: Type.String(),
    o3_24h: Type.String(),
  }),
});
export type StationHour = Static<typeof StationHour>;

export const StationCollection = Type.Object({ features: Type.Array(Type.Unknown()) });
