import type { LayerSpecification } from 'maplibre-gl';
import type { Palette } from '../theme/palette.ts';
import { MAP_FACES } from './ground-style.ts';
import type { MapLayer } from './map-props.ts';

const ARROW_SIZE_AT_1 = 7; // pixels of radius at which the arrow is drawn as it is

/** Made by the simulator, by the property that features of `/api/context/map` carry. */
const DEMO = ['==', ['get', 'demo'], true];

/** The layers that draw one set of things. Ids start with the set's own id and a colon. */
export function dataLayers(layer: MapLayer, palette: Palette): LayerSpecification[] {
  const { id, colour, size } = layer;
  const source = id;
  const { label, halo } = palette.map;
  const visibility = layer.visible === false ? 'none' : 'visible';
  const one = ['!', ['has', 'point_count']] as never;
  const of = (type: string) => ['==', ['geometry-type'], type];
  const text = { 'text-font': MAP_FACES, visibility } as const;
  const ink = { 'text-color': label, 'text-halo-color': halo, 'text-halo-width': 1.4 };
  const dash = layer.dashed ? { 'line-dasharray': [3, 2] } : {};
  return [
    {
      id: `${id}:area`,
      type: 'fill',
      source,
      filter: of('Polygon') as never,
      layout: { visibility },
      paint: { 'fill-color': colour, 'fill-opacity': layer.fill ?? 0.15 },
    },
    {
      id: `${id}:line`,
      type: 'line',
      source,
      filter: ['any', of('LineString'), of('Polygon')] as never,
      layout: { visibility, 'line-join': 'round' },
      paint: { 'line-color': colour, 'line-width': size ?? 2, ...dash },
    },
    {
      id: `${id}:point`,
      type: 'circle',
      source,
      filter: ['all', of('Point'), one, ['!', ['has', 'bearing']]] as never,
      layout: { visibility },
      paint: {
        'circle-color': ['case', DEMO, halo, colour] as never, // the simulator's are hollow
        'circle-radius': ['case', DEMO, (size ?? 5) - 1, size ?? 5] as never,
        'circle-stroke-color': ['case', DEMO, colour, halo] as never,
        'circle-stroke-width': ['case', DEMO, 2, 1.5] as never,
      },
    },
    {
      id: `${id}:arrow`,
      type: 'symbol',
      source,
      filter: ['all', of('Point'), one, ['has', 'bearing']] as never,
      layout: {
        visibility,
        'icon-image': 'sj-arrow',
        'icon-size': (size ?? 5) / ARROW_SIZE_AT_1,
        'icon-rotate': ['get', 'bearing'],
        'icon-rotation-alignment': 'map',
        'icon-allow-overlap': true,
        'icon-ignore-placement': true, // what moves must not make names come and go
      },
      paint: {
        'icon-color': ['case', DEMO, halo, colour] as never,
        'icon-halo-color': ['case', DEMO, colour, halo] as never,
        'icon-halo-width': 1.5,
      },
    },
    {
      id: `${id}:label`,
      type: 'symbol',
      source,
      minzoom: layer.labelsFrom ?? 11,
      filter: ['all', one, ['has', 'label']] as never,
      layout: {
        ...text,
        'text-field': ['get', 'label'],
        'text-size': 12,
        'text-anchor': 'top',
        'text-offset': [0, 0.8],
        'text-optional': true,
      },
      paint: ink,
    },
    {
      id: `${id}:selected`,
      type: 'circle',
      source,
      filter: ['==', ['get', 'id'], ''],
      layout: { visibility },
      paint: {
        'circle-color': 'transparent',
        'circle-radius': (size ?? 5) + 6,
        'circle-stroke-color': label,
        'circle-stroke-width': 2.5,
      },
    },
    ...(layer.cluster ? clusterLayers(layer, palette, visibility) : []),
  ];
}

function clusterLayers(
  { id, colour }: MapLayer,
  { map }: Palette,
  visibility: 'none' | 'visible',
): LayerSpecification[] {
  const many = ['has', 'point_count'] as never;
  return [
    {
      id: `${id}:cluster`,
      type: 'circle',
      source: id,
      filter: many,
      layout: { visibility },
      paint: {
        'circle-color': map.halo,
        'circle-radius': ['step', ['get', 'point_count'], 13, 20, 17, 200, 22],
        'circle-stroke-color': typeof colour === 'string' ? colour : map.label,
        'circle-stroke-width': 2.5,
      },
    },
    {
      id: `${id}:count`,
      type: 'symbol',
      source: id,
      filter: many,
      layout: {
        visibility,
        'text-field': ['get', 'point_count_abbreviated'],
        'text-font': MAP_FACES,
        'text-size': 12,
        'text-allow-overlap': true,
      },
      paint: { 'text-color': map.label },
    },
  ];
}
