import { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { Popup, type GeoJSONSource, type Map as MapLibreMap } from 'maplibre-gl';
import { uiWords } from '../text/words.ts';
import { useScheme, usePalette } from '../theme/scheme.tsx';
import { createMap } from './create-map.ts';
import { facesFor } from './faces.ts';
import { GROUND, groundLayers, type BaseFormat } from './ground-style.ts';
import { layerKeeper, restyle } from './layers.ts';
import { pickAt } from './pick.ts';
import type { Bounds, MapProps } from './types.ts';
import './map.css';

type Ready = { map: MapLibreMap; format: BaseFormat; keeper: ReturnType<typeof layerKeeper> };

/** The city's map: see `MapProps`. */
export function CityMap(props: MapProps) {
  const { label, layers, base, ground, bounds, selected, height = '100%' } = props;
  const say = uiWords.useText();
  const { scheme } = useScheme();
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const [ready, setReady] = useState<Ready>();
  const [failed, setFailed] = useState(false);
  const baseKey = base ? `${base.kind} ${base.url}` : '';

  useEffect(() => {
    let gone = false;
    let made: MapLibreMap | undefined;
    const words = {
      label,
      zoomIn: say('mapZoomIn'),
      zoomOut: say('mapZoomOut'),
      north: say('mapNorth'),
    };
    createMap({
      container: box.current!,
      base: latest.current.base,
      palette,
      dark: scheme === 'dark',
      bounds: latest.current.bounds,
      words,
    }).then(
      ({ map, format }) => {
        made = map;
        if (gone) return map.remove();
        const keeper = layerKeeper(map);
        map.on('click', (event) => {
          void pickAt(map, keeper.touchable(), event).then((pick) => {
            if (pick !== 'cluster') latest.current.onPick?.(pick);
          });
        });
        map.on('moveend', () => latest.current.onMove?.(boundsOf(map), map.getZoom()));
        setReady({ map, format, keeper });
        return undefined;
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      setReady(undefined);
      made?.remove();
    };
    // A new base or language makes a new map; colours and data change in place below.
  }, [baseKey, label]);

  useEffect(() => {
    if (!ready) return;
    restyle(ready.map, groundLayers(palette, base, ready.format, scheme === 'dark'));
  }, [ready, palette]);

  useEffect(() => {
    if (!ready || !ground) return;
    for (const part of ['land', 'edges', 'names'] as const) {
      const data = ground[part];
      if (!data) continue;
      void facesFor(data).then(() =>
        (ready.map.getSource(GROUND[part]) as GeoJSONSource | undefined)?.setData(data),
      );
    }
  }, [ready, ground]);

  useEffect(() => {
    if (!ready) return;
    ready.keeper.show(layers, palette);
    ready.keeper.select(selected);
  }, [ready, layers, palette, selected]);

  useEffect(() => {
    if (!ready) return;
    const { map, keeper } = ready;
    latest.current.onReady?.({
      map,
      update: keeper.update,
      fit: (to, padding = 24) => void map.fitBounds([...to], { padding, animate: calm() }),
      fly: (to, zoom) =>
        void map.easeTo({
          center: [...to],
          ...(zoom === undefined ? {} : { zoom }),
          animate: calm(),
        }),
      bounds: () => boundsOf(map),
    });
  }, [ready]);

  return (
    <div className="sj-map" style={{ height }}>
      <div className="sj-map-box" role="application" aria-label={`${label}. ${say('mapKeys')}`}>
        <div ref={box} className="sj-map-canvas" />
        {!ready && !failed && (
          <p className="sj-map-note" role="status">
            {say('mapLoading')}
          </p>
        )}
        {failed && <p className="sj-map-note">{say('mapFailed')}</p>}
        {ready && (
          <button
            type="button"
            className="sj-map-fit"
            title={say('mapFit')}
            aria-label={say('mapFit')}
            onClick={() => ready.map.fitBounds([...bounds], { padding: 24, animate: calm() })}
          >
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden>
              <path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4" />
            </svg>
          </button>
        )}
        {ready && props.popup && <MapPopup map={ready.map} {...props.popup} />}
      </div>
      {props.alternative && (
        <details className="sj-map-text" open={failed || undefined}>
          <summary>{say('mapText')}</summary>
          {props.alternative}
        </details>
      )}
    </div>
  );
}

function MapPopup({
  map,
  at,
  content,
  onClose,
}: NonNullable<MapProps['popup']> & { map: MapLibreMap }) {
  const [node] = useState(() => document.createElement('div'));
  const popup = useRef<Popup>(undefined);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const made = new Popup({ closeOnClick: false, maxWidth: '320px' }).setDOMContent(node);
    popup.current = made.setLngLat([...at]).addTo(map);
    const tell = () => close.current();
    made.on('close', tell);
    return () => {
      made.off('close', tell);
      made.remove();
    };
  }, [map, node]);
  useEffect(() => void popup.current?.setLngLat([...at]), [at[0], at[1]]);
  return createPortal(content, node);
}

function boundsOf(map: MapLibreMap): Bounds {
  const bounds = map.getBounds();
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
}

function calm(): boolean {
  return !matchMedia('(prefers-reduced-motion: reduce)').matches;
}
