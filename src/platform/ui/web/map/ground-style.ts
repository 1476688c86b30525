import type { FeatureCollection } from 'geojson';
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import { BUNDLED_FACE } from '../theme/fonts.ts';
import type { Palette } from '../theme/palette.ts';
import type { BaseMap } from './map-props.ts';

/** System faces where present, the bundled one where not; drawn in the browser, no glyph server. */
export const MAP_FACES = ['PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', BUNDLED_FACE];

export const GROUND = { land: 'sj-land', edges: 'sj-edges', names: 'sj-names' } as const;
const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };
const VECTOR_BASE = 'sj-base-vector';

/** Whether the base map came as raster tiles or as vector tiles. */
export type BaseFormat = 'raster' | 'vector';

/** Every source the empty map starts with. */
export function groundSources(
  base: BaseMap | undefined,
  format: BaseFormat,
): StyleSpecification['sources'] {
  const empty: SourceSpecification = { type: 'geojson', data: EMPTY };
  return {
    [GROUND.land]: empty,
    [GROUND.edges]: empty,
    [GROUND.names]: empty,
    ...(base ? { [format === 'vector' ? VECTOR_BASE : 'sj-base']: baseSource(base, format) } : {}),
  };
}

function baseSource(base: BaseMap, format: BaseFormat): SourceSpecification {
  const attribution = base.attribution ? { attribution: base.attribution } : {};
  if (base.kind === 'pmtiles') {
    const url = `pmtiles://${base.url}`;
    return format === 'vector'
      ? { type: 'vector', url, ...attribution }
      : { type: 'raster', url, tileSize: 256, ...attribution };
  }
  return {
    type: 'raster',
    tiles: [base.url.startsWith('/') ? `${location.origin}${base.url}` : base.url],
    tileSize: base.tileSize ?? 256,
    maxzoom: base.maxZoom ?? 19,
    ...attribution,
  };
}

/** The layers of the ground, in the colours of the scheme. */
export function groundLayers(
  palette: Palette,
  base: BaseMap | undefined,
  format: BaseFormat,
  dark: boolean,
): LayerSpecification[] {
  const { water, land, edge, label, halo } = palette.map;
  const layers: LayerSpecification[] = [
    { id: 'sj-water', type: 'background', paint: { 'background-color': water } },
    { id: 'sj-land', type: 'fill', source: GROUND.land, paint: { 'fill-color': land } },
  ];
  if (base && format === 'vector') layers.push(...vectorLayers(palette));
  if (base && format === 'raster') {
    layers.push({
      id: 'sj-base',
      type: 'raster',
      source: 'sj-base',
      paint: { 'raster-brightness-max': dark ? 0.6 : 1, 'raster-saturation': dark ? -0.4 : -0.2 },
    });
  }
  const line = { 'line-color': edge, 'line-width': 1.2 };
  layers.push(
    {
      id: 'sj-edges',
      type: 'line',
      source: GROUND.edges,
      filter: ['!=', ['get', 'approximate'], true],
      paint: line,
    },
    {
      id: 'sj-edges-approximate',
      type: 'line',
      source: GROUND.edges,
      filter: ['==', ['get', 'approximate'], true],
      paint: { ...line, 'line-dasharray': [3, 3] },
    },
    {
      id: 'sj-names',
      type: 'symbol',
      source: GROUND.names,
      layout: { 'text-field': ['get', 'name'], 'text-font': MAP_FACES, 'text-size': 13 },
      paint: { 'text-color': label, 'text-halo-color': halo, 'text-halo-width': 1.4 },
    },
  );
  return layers;
}

function vectorLayers({ map }: Palette): LayerSpecification[] {
  const source = VECTOR_BASE;
  return [
    {
      id: 'sj-base-earth',
      type: 'fill',
      source,
      'source-layer': 'earth',
      paint: { 'fill-color': map.land },
    },
    {
      id: 'sj-base-water',
      type: 'fill',
      source,
      'source-layer': 'water',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': map.water },
    },
    {
      id: 'sj-base-roads',
      type: 'line',
      source,
      'source-layer': 'roads',
      paint: {
        'line-color': map.road,
        'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.4, 16, 5],
      },
    },
  ];
}
