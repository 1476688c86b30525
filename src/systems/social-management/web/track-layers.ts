import type { Feature, FeatureCollection } from 'geojson';
import type { LonLat, MapLayer, Palette } from '#platform/ui/web';
import type { Typhoon, TyphoonState } from './typhoon.ts';

/** From the weakest up; told apart in both schemes, and each is named in the panel too. */
const GRADE_COLOURS: Readonly<Record<string, string>> = {
  TD: '#2f9e5b',
  TS: '#2b7fc2',
  STS: '#b99a00',
  TY: '#e07b12',
  STY: '#d2385a',
  SuperTY: '#9b2fae',
};

export const gradeColour = (code: string | undefined, or: string): string =>
  GRADE_COLOURS[code ?? ''] ?? or;

const collection = (features: Feature[]): FeatureCollection => ({
  type: 'FeatureCollection',
  features,
});
const line = (coordinates: readonly LonLat[]) => ({
  type: 'LineString' as const,
  coordinates: coordinates.map((one) => [...one]),
});
const COLOUR = ['get', 'colour'] as never;

/** The track in the colours of its grades, and the shortest line to the place it passed. */
export function trackLayers({ track, passage }: Typhoon, palette: Palette): MapLayer[] {
  const quiet = palette.soft;
  const legs = track.slice(1).map((point, i): Feature => {
    const from = track[i]!;
    return {
      type: 'Feature',
      geometry: line([from.position, point.position]),
      properties: { id: `leg ${i}`, colour: gradeColour(from.grade?.code, quiet) },
    };
  });
  const points = track.map((point, i): Feature => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [...point.position] },
    properties: { id: `point ${i}`, colour: gradeColour(point.grade?.code, quiet) },
  }));
  return [
    { id: 'typhoon-track', features: collection(legs), colour: COLOUR, size: 3 },
    { id: 'typhoon-points', features: collection(points), colour: COLOUR, size: 3.5 },
    {
      id: 'typhoon-passage',
      colour: palette.text,
      dashed: true,
      size: 1.5,
      features: collection(
        passage
          ? [
              {
                type: 'Feature',
                geometry: line([passage.place, passage.closest.position]),
                properties: { id: 'passage' },
              },
            ]
          : [],
      ),
    },
  ];
}

/** The eye. */
export const eyeLayer = (state: TyphoonState, label: string, palette: Palette): MapLayer => ({
  id: 'typhoon-eye',
  colour: gradeColour(state.grade?.code, palette.soft),
  size: 11,
  labelsFrom: 0,
  features: collection([
    {
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [...state.position] },
      properties: { id: 'eye', label },
    },
  ]),
});
