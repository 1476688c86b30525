import type { Point } from 'geojson';
import type { GeoJSONSource, Map as MapLibreMap, MapMouseEvent } from 'maplibre-gl';
import type { MapPick } from './map-props.ts';

const FINGER_PX = 8; // half of what a fingertip covers beyond the dot itself

/** What lies under the pointer. A cluster is opened by zooming in, and is no pick. */
export async function pickAt(
  map: MapLibreMap,
  layers: string[],
  { point, lngLat }: MapMouseEvent,
): Promise<MapPick | 'cluster' | undefined> {
  const area: [[number, number], [number, number]] = [
    [point.x - FINGER_PX, point.y - FINGER_PX],
    [point.x + FINGER_PX, point.y + FINGER_PX],
  ];
  const [hit] = map.queryRenderedFeatures(area, { layers });
  if (!hit) return undefined;
  const at: [number, number] =
    hit.geometry.type === 'Point'
      ? ((hit.geometry as Point).coordinates as [number, number])
      : [lngLat.lng, lngLat.lat];
  const cluster: unknown = hit.properties['cluster_id'];
  if (typeof cluster === 'number') {
    const source = map.getSource(hit.source) as GeoJSONSource;
    const zoom = await source.getClusterExpansionZoom(cluster);
    map.easeTo({ center: at, zoom });
    return 'cluster';
  }
  return { layer: hit.source, id: String(hit.properties['id']), properties: hit.properties, at };
}
