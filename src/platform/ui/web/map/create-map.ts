import {
  addProtocol,
  AttributionControl,
  Map as MapLibreMap,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
} from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { declareBundledFace } from '../theme/fonts.ts';
import type { Palette } from '../theme/palette.ts';
import { groundLayers, groundSources, type BaseFormat } from './ground-style.ts';
import type { BaseMap, Bounds } from './map-props.ts';

setWorkerUrl(workerUrl);

const READY_LIMIT_MS = 8_000; // a base map that does not answer must not hold the city's own data

type Setting = {
  readonly container: HTMLElement;
  readonly base: BaseMap | undefined;
  readonly palette: Palette;
  readonly dark: boolean;
  readonly bounds: Bounds;
  readonly marginPx: number;
  readonly words: Readonly<Record<'label' | 'zoomIn' | 'zoomOut' | 'north', string>>;
};

/** A map with ground and controls, ready for layers. Rejects where WebGL is missing. */
export async function createMap(
  setting: Setting,
): Promise<{ map: MapLibreMap; format: BaseFormat }> {
  const { container, palette, dark, bounds, marginPx, words } = setting;
  const { base, format } = await prepareBase(setting.base);
  await declareBundledFace();
  const map = new MapLibreMap({
    container,
    style: {
      version: 8,
      sources: groundSources(base, format),
      layers: groundLayers(palette, base, format, dark),
    },
    bounds: [...bounds],
    fitBoundsOptions: { padding: marginPx },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    maxPitch: 0,
    fadeDuration: 0,
    locale: {
      'Map.Title': words.label,
      'NavigationControl.ZoomIn': words.zoomIn,
      'NavigationControl.ZoomOut': words.zoomOut,
      'NavigationControl.ResetBearing': words.north,
    },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
  map.addControl(new ScaleControl({ unit: 'metric' }), 'bottom-left');
  if (base?.attribution) map.addControl(new AttributionControl({ compact: true }));
  await ready(map);
  map.addImage('sj-arrow', arrow(), { sdf: true, pixelRatio: 2 });
  return { map, format };
}

/** Resolves when the style stands; tiles may still be on their way. */
async function ready(map: MapLibreMap): Promise<void> {
  if (map.isStyleLoaded()) return;
  await new Promise<void>((resolve) => {
    map.once('style.load', () => resolve());
    setTimeout(resolve, READY_LIMIT_MS);
  });
}

async function prepareBase(
  base: BaseMap | undefined,
): Promise<{ base: BaseMap | undefined; format: BaseFormat }> {
  if (base?.kind !== 'pmtiles') return { base, format: 'raster' };
  const { PMTiles, Protocol, TileType } = await import('pmtiles');
  const url = new URL(base.url, location.href).href;
  const protocol = new Protocol();
  const archive = new PMTiles(url);
  protocol.add(archive);
  addProtocol('pmtiles', protocol.tile);
  const { tileType } = await archive.getHeader();
  return { base: { ...base, url }, format: tileType === TileType.Mvt ? 'vector' : 'raster' };
}

const ARROW_PX = 40;
const ARROW = [
  [20, 5],
  [31, 34],
  [20, 28],
  [9, 34],
] as const;
const SDF_REACH_PX = 8; // the distance that the field spans, as the map's shader reads it
const SDF_EDGE = 0.75; // where in the field the edge of the shape lies

/** A pointer that turns with its course, as a signed distance field so that it takes any colour and halo. */
function arrow(): { width: number; height: number; data: Uint8ClampedArray } {
  const data = new Uint8ClampedArray(ARROW_PX * ARROW_PX * 4);
  for (let y = 0; y < ARROW_PX; y++)
    for (let x = 0; x < ARROW_PX; x++) {
      const distance = distanceToArrow(x + 0.5, y + 0.5);
      data[(y * ARROW_PX + x) * 4 + 3] = 255 * (SDF_EDGE - distance / SDF_REACH_PX);
    }
  return { width: ARROW_PX, height: ARROW_PX, data };
}

/** Pixels to the edge of the arrow, negative inside. */
function distanceToArrow(x: number, y: number): number {
  let [nearest, inside] = [Infinity, false];
  ARROW.forEach(([ax, ay], i) => {
    const [bx, by] = ARROW[(i + 1) % ARROW.length]!;
    const [dx, dy] = [bx - ax, by - ay];
    const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy);
    const share = Math.min(1, Math.max(0, along));
    nearest = Math.min(nearest, Math.hypot(x - ax - share * dx, y - ay - share * dy));
    if (ay > y !== by > y && x < (dx * (y - ay)) / dy + ax) inside = !inside;
  });
  return inside ? -nearest : nearest;
}
