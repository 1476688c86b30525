import type { Map as MapLibreMap } from 'maplibre-gl';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useLanguage } from '../text/language.ts';
import { uiWords } from '../text/words.ts';
import { usePalette, useScheme } from '../theme/scheme.tsx';
import { createMap } from './create-map.ts';
import type { BaseFormat } from './ground-style.ts';
import { layerKeeper } from './layers.ts';
import { pickAt } from './pick.ts';
import type { Bounds, MapChange, MapProps } from './map-props.ts';

const MARGIN_PX = 24;

type Ready = {
  readonly map: MapLibreMap;
  readonly format: BaseFormat;
  readonly keeper: ReturnType<typeof layerKeeper>;
  /** True once the map has been taken away; what was on its way for it is dropped. */
  gone: boolean;
};

/** Makes the map in `box`. A new base map or language makes a new one, which looks at the same place. */
export function useMap(
  box: HTMLDivElement | null,
  props: MapProps,
): { ready: Ready | undefined; failed: boolean } {
  const { base, label, bounds, onPick, onMove, onReady } = props;
  const say = uiWords.useText();
  const language = useLanguage();
  const { scheme } = useScheme();
  const palette = usePalette();
  const view = useRef<Bounds>(undefined);
  const [ready, setReady] = useState<Ready>();
  const [failed, setFailed] = useState(false);
  const baseKey = base ? `${base.kind} ${base.url}` : '';

  const make = useEffectEvent((container: HTMLElement) =>
    createMap({
      container,
      base,
      palette,
      dark: scheme === 'dark',
      bounds: view.current ?? bounds,
      marginPx: view.current ? 0 : MARGIN_PX,
      words: {
        label,
        zoomIn: say('mapZoomIn'),
        zoomOut: say('mapZoomOut'),
        north: say('mapNorth'),
      },
    }),
  );
  const picked = useEffectEvent((pick: Parameters<NonNullable<typeof onPick>>[0]) =>
    onPick?.(pick),
  );
  const moved = useEffectEvent((map: MapLibreMap) => onMove?.(boundsOf(map), map.getZoom()));
  const tellReady = useEffectEvent((made: Ready) => onReady?.(handleOf(made)));

  useEffect(() => {
    if (!box) return undefined;
    let gone = false;
    let made: Ready | undefined;
    make(box).then(
      ({ map, format }) => {
        if (gone) return map.remove();
        const keeper = layerKeeper(map);
        made = { map, format, keeper, gone: false };
        map.on('click', (event) => {
          void pickAt(map, keeper.touchable(), event).then(
            (pick) => pick !== 'cluster' && picked(pick),
          );
        });
        map.on('moveend', () => moved(map));
        setReady(made);
        return undefined;
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      setReady(undefined);
      if (!made) return;
      made.gone = true;
      view.current = boundsOf(made.map);
      made.map.remove();
    };
  }, [box, baseKey, language]);

  // After the layers are on the map: effects of the component that calls this run later than this
  // one, so the page is told in the next turn.
  useEffect(() => {
    if (!ready) return undefined;
    const timer = setTimeout(() => tellReady(ready), 0);
    return () => clearTimeout(timer);
  }, [ready]);

  return { ready, failed };
}

function handleOf(ready: Ready) {
  const { map, keeper } = ready;
  return {
    map,
    update: (layer: string, change: MapChange) => {
      if (!ready.gone) keeper.update(layer, change);
    },
    fit: (to: Bounds, padding = MARGIN_PX) =>
      void map.fitBounds([...to], { padding, animate: mayMove() }),
    fly: (to: readonly [number, number], zoom?: number) =>
      void map.easeTo({
        center: [...to],
        ...(zoom === undefined ? {} : { zoom }),
        animate: mayMove(),
      }),
    bounds: () => boundsOf(map),
  };
}

function boundsOf(map: MapLibreMap): Bounds {
  const bounds = map.getBounds();
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
}

/** Whether movement is welcome. */
export function mayMove(): boolean {
  return !matchMedia('(prefers-reduced-motion: reduce)').matches;
}
