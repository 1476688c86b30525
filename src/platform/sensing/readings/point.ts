import { Refusal } from '#kernel/errors';

export type Point = { readonly type: 'Point'; readonly coordinates: readonly number[] };

const LON_NAMES = ['lon', 'lng', 'longitude'] as const;
const LAT_NAMES = ['lat', 'latitude'] as const;

const pick = (value: object, names: readonly string[]): unknown => {
  const name = names.find((n) => Object.hasOwn(value, n));
  return name === undefined ? undefined : (value as Record<string, unknown>)[name];
};

const positionOf = (value: unknown): readonly unknown[] | undefined => {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if ((value as { type?: unknown }).type === 'Point') {
    const { coordinates } = value as { coordinates?: unknown };
    return Array.isArray(coordinates) ? coordinates : undefined;
  }
  const [lon, lat] = [pick(value, LON_NAMES), pick(value, LAT_NAMES)];
  return lon === undefined || lat === undefined ? undefined : [lon, lat];
};

/**
 * A place in WGS 84 from [lon, lat], {lon, lat} and its usual spellings, or a GeoJSON Point (RFC 7946). Devices report
 * points; other shapes come through the context's own API. Throws Refusal('invalid') naming the member.
 */
export const readPoint = (value: unknown, member: string): Point => {
  const position = positionOf(value);
  const [lon, lat, height] = position ?? [];
  const numbers = position?.every((n) => typeof n === 'number' && Number.isFinite(n));
  if (!position || !numbers || position.length < 2 || position.length > 3)
    throw new Refusal(
      'invalid',
      `${member}: a place is [longitude, latitude], {"lon": …, "lat": …} or a GeoJSON Point.`,
      { member },
    );
  if (Math.abs(lon as number) > 180 || Math.abs(lat as number) > 90)
    throw new Refusal(
      'invalid',
      `${member}: longitude ${String(lon)} and latitude ${String(lat)} are not on the earth; longitude comes first.`,
      { member },
    );
  return {
    type: 'Point',
    coordinates: (height === undefined ? [lon, lat] : [lon, lat, height]) as number[],
  };
};
