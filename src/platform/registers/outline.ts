import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Feature, FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import { Refusal } from '#kernel/errors';
import type { City } from './city.ts';
import { fromGcj02 } from './gcj02.ts';
import type { Position } from './geometry.ts';

/** One area of the outline map. `approximate` always holds: it is drawn from a simplified source. */
export type OutlineProperties = {
  readonly role: 'city' | 'neighbour';
  readonly code: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly approximate: true;
  readonly accuracyMetresApprox: number;
};
export type Outline = FeatureCollection<Polygon | MultiPolygon, OutlineProperties>;

type Encoded = {
  readonly UTF8Encoding?: boolean;
  readonly UTF8Scale?: number;
  readonly features: readonly {
    readonly id?: string;
    readonly properties: { readonly name: string };
    readonly geometry:
      | {
          readonly type: 'Polygon';
          readonly coordinates: string[];
          readonly encodeOffsets: number[][];
        }
      | {
          readonly type: 'MultiPolygon';
          readonly coordinates: string[][];
          readonly encodeOffsets: number[][][];
        };
  }[];
};

const SCALE_DEFAULT = 1024;
/** A tenth of the source's own grid of 1/1024°. */
const DIGITS = 4;

/**
 * One ring of ECharts' compressed GeoJSON: each pair of characters is a step in x and y, zig-zag coded and shifted by 64,
 * from an offset, in units of 1/scale degree.
 */
export const decodeRing = (
  text: string,
  [x0, y0]: readonly number[],
  scale: number,
): Position[] => {
  const step = (at: number) => {
    const n = text.charCodeAt(at) - 64;
    return (n >> 1) ^ -(n & 1);
  };
  let [x, y] = [x0 ?? 0, y0 ?? 0];
  const ring: Position[] = [];
  for (let i = 0; i + 1 < text.length; i += 2)
    ring.push([(x += step(i)) / scale, (y += step(i + 1)) / scale]);
  return ring;
};

const round = (n: number) => Number(n.toFixed(DIGITS));

const ringsOf = (
  texts: readonly string[],
  offsets: readonly number[][],
  scale: number,
  shifted: boolean,
) =>
  texts.map((text, i) =>
    decodeRing(text, offsets[i] ?? [], scale).map((p) => (shifted ? fromGcj02(p) : p).map(round)),
  );

/** A whole file of ECharts' compressed GeoJSON as areas of the outline, in WGS 84. */
const decodeOutline = (file: Encoded, { outline, name }: City): Outline => {
  const scale = file.UTF8Scale ?? SCALE_DEFAULT;
  const shifted = outline.datum === 'gcj02';
  const features = file.features.flatMap(({ id = '', geometry }) => {
    const own = id === outline.feature;
    const words = own ? name : outline.surroundings[id];
    if (!words) return [];
    const area: Polygon | MultiPolygon =
      geometry.type === 'Polygon'
        ? {
            type: 'Polygon',
            coordinates: ringsOf(geometry.coordinates, geometry.encodeOffsets, scale, shifted),
          }
        : {
            type: 'MultiPolygon',
            coordinates: geometry.coordinates.map((polygon, i) =>
              ringsOf(polygon, geometry.encodeOffsets[i] ?? [], scale, shifted),
            ),
          };
    const feature: Feature<Polygon | MultiPolygon, OutlineProperties> = {
      type: 'Feature',
      id,
      properties: {
        role: own ? 'city' : 'neighbour',
        code: id,
        name: words,
        approximate: true,
        accuracyMetresApprox: outline.accuracyMetresApprox,
      },
      geometry: area,
    };
    return [feature];
  });
  return { type: 'FeatureCollection', features };
};

const require = createRequire(import.meta.url);

/** A file inside an installed package. Refusal('invalid') where the package is not installed. */
export const packageFile = (name: string, file: string): string => {
  try {
    return join(dirname(require.resolve(`${name}/package.json`)), file);
  } catch {
    throw new Refusal('invalid', `The package ${name}, which holds ${file}, is not installed.`);
  }
};

/** The outline of a city and its surroundings, from the package its profile names. Needs no network. */
export const loadOutline = (city: City): Outline => {
  const file = packageFile(city.outline.package, city.outline.file);
  const outline = decodeOutline(JSON.parse(readFileSync(file, 'utf8')) as Encoded, city);
  if (!outline.features.some((f) => f.properties.role === 'city'))
    throw new Refusal('invalid', `${city.outline.file} has no area ${city.outline.feature}.`);
  return outline;
};
