import type { FeatureCollection } from 'geojson';
import type { GeoJSONSource, LayerSpecification, Map as MapLibreMap } from 'maplibre-gl';
import type { Palette } from '../theme/palette.ts';
import { dataLayers } from './data-style.ts';
import { drawable } from './drawable.ts';
import { facesFor } from './faces.ts';
import { liveSource } from './live.ts';
import type { MapChange, MapLayer } from './map-props.ts';

const CLUSTER_RADIUS_PX = 46;
const CLUSTER_UNTIL_ZOOM = 13;

/** Keeps the layers of a map equal to what the page asks for. */
export function layerKeeper(map: MapLibreMap) {
  const kept = new Map<string, { layer: MapLayer; live: ReturnType<typeof liveSource> }>();

  const add = (layer: MapLayer, palette: Palette) => {
    map.addSource(layer.id, {
      type: 'geojson',
      data: drawn(layer.features),
      promoteId: 'id',
      ...(layer.cluster
        ? { cluster: true, clusterRadius: CLUSTER_RADIUS_PX, clusterMaxZoom: CLUSTER_UNTIL_ZOOM }
        : {}),
    });
    for (const spec of dataLayers(layer, palette)) map.addLayer(spec);
    const source = map.getSource(layer.id) as GeoJSONSource;
    kept.set(layer.id, { layer, live: liveSource(source, layer.cluster === true) });
    void facesFor(layer.features).then(() => map.triggerRepaint());
  };

  const remove = ({ id }: MapLayer) => {
    for (const spec of map.getStyle().layers) {
      if ('source' in spec && spec.source === id) map.removeLayer(spec.id);
    }
    map.removeSource(id);
    kept.delete(id);
  };

  return {
    /** Adds, changes and removes layers until the map shows `layers` in these colours. */
    show(layers: readonly MapLayer[], palette: Palette) {
      for (const { layer } of kept.values()) {
        const next = layers.find(({ id }) => id === layer.id);
        if (!next || next.cluster !== layer.cluster) remove(layer);
      }
      for (const layer of layers) {
        const now = kept.get(layer.id);
        if (!now) {
          add(layer, palette);
          continue;
        }
        if (now.layer.features !== layer.features) {
          now.live.forget();
          (map.getSource(layer.id) as GeoJSONSource).setData(drawn(layer.features));
          void facesFor(layer.features).then(() => map.triggerRepaint());
        }
        restyle(map, dataLayers(layer, palette));
        kept.set(layer.id, { ...now, layer });
      }
    },
    update(id: string, change: MapChange) {
      if (change.upsert) void facesFor({ features: [...change.upsert] });
      kept.get(id)?.live.add(change);
    },
    select(selected: string | undefined) {
      for (const id of kept.keys()) {
        map.setFilter(`${id}:selected`, ['==', ['get', 'id'], selected ?? '']);
      }
    },
    /** The layers whose features a person can point at, topmost first. */
    touchable: () =>
      [...kept.keys()].flatMap((id) =>
        ['cluster', 'arrow', 'point', 'line', 'area']
          .map((part) => `${id}:${part}`)
          .filter((layer) => map.getLayer(layer)),
      ),
  };
}

function drawn(features: FeatureCollection): FeatureCollection {
  return { type: 'FeatureCollection', features: features.features.map(drawable) };
}

/** Gives layers that are on the map already new colours and visibility. */
export function restyle(map: MapLibreMap, layers: readonly LayerSpecification[]): void {
  for (const { id, paint, layout } of layers) {
    for (const [name, value] of Object.entries(paint ?? {})) {
      map.setPaintProperty(id, name as never, value as never);
    }
    if (layout && 'visibility' in layout) {
      map.setLayoutProperty(id, 'visibility', layout.visibility);
    }
  }
}
