import { gradeOf } from './grades.ts';
import type { Track, TrackPoint } from './track.ts';

type Attribute = Readonly<Record<string, unknown>>;
export type TropicalCyclone = { readonly id: string; readonly type: 'TropicalCyclone' } & Readonly<
  Record<string, Attribute | string>
>;

export const cycloneId = (sn: string): string => `urn:ngsi-ld:TropicalCyclone:${sn}`;

/**
 * The cyclone at one point of its track, normalized NGSI-LD. Written one after another, in order, the points become the
 * history of its location, wind and pressure. What a point does not know it does not write.
 */
export const cycloneAt = (
  { sn, name }: Pick<Track, 'sn' | 'name'>,
  point: TrackPoint,
): TropicalCyclone => {
  const { at: observedAt, windMs, pressureHpa } = point;
  const grade = windMs === undefined ? undefined : gradeOf(windMs);
  return {
    id: cycloneId(sn),
    type: 'TropicalCyclone',
    serialNumber: { type: 'Property', value: sn },
    ...(name && { name: { type: 'Property', value: name } }),
    location: {
      type: 'GeoProperty',
      value: { type: 'Point', coordinates: point.position },
      observedAt,
    },
    ...(windMs !== undefined && {
      windSpeed: { type: 'Property', value: windMs, unitCode: 'MTS', observedAt },
    }),
    ...(pressureHpa !== undefined && {
      pressure: { type: 'Property', value: pressureHpa, unitCode: 'A97', observedAt },
    }),
    ...(grade && { grade: { type: 'LanguageProperty', languageMap: grade.name, observedAt } }),
    ...(point.radii && {
      windRadii: { type: 'Property', value: point.radii, unitCode: 'KMT', observedAt },
    }),
  };
};
