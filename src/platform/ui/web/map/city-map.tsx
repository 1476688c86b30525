import { useEffect, useState } from 'react';
import type { GeoJSONSource } from 'maplibre-gl';
import { uiWords } from '../text/words.ts';
import { usePalette, useScheme } from '../theme/scheme.tsx';
import { facesFor } from './faces.ts';
import { GROUND, groundLayers } from './ground-style.ts';
import { restyle } from './layers.ts';
import { MapPopup } from './map-popup.tsx';
import type { MapProps } from './map-props.ts';
import { mayMove, useMap } from './use-map.ts';
import './map.css';

/** The city's map: see `MapProps`. */
export function CityMap(props: MapProps) {
  const { label, layers, base, ground, bounds, selected, height = '100%' } = props;
  const say = uiWords.useText();
  const { scheme } = useScheme();
  const palette = usePalette();
  const [box, setBox] = useState<HTMLDivElement | null>(null);
  const { ready, failed } = useMap(box, props);

  useEffect(() => {
    if (ready && !ready.gone)
      restyle(ready.map, groundLayers(palette, base, ready.format, scheme === 'dark'));
  }, [ready, palette, base, scheme]);

  useEffect(() => {
    if (!ready || ready.gone || !ground) return;
    for (const part of ['land', 'edges', 'names'] as const) {
      const data = ground[part];
      if (!data) continue;
      void facesFor(data).then(() => {
        if (ready.gone) return;
        (ready.map.getSource(GROUND[part]) as GeoJSONSource).setData(data);
      });
    }
  }, [ready, ground]);

  useEffect(() => {
    if (!ready || ready.gone) return; // the next map shows them
    ready.keeper.show(layers, palette);
    ready.keeper.select(selected);
  }, [ready, layers, palette, selected]);

  return (
    <div className="sj-map" style={{ height }}>
      <div className="sj-map-box" role="application" aria-label={`${label}. ${say('mapKeys')}`}>
        <div ref={setBox} className="sj-map-canvas" />
        {!ready && (
          <output className="sj-map-note">{say(failed ? 'mapFailed' : 'mapLoading')}</output>
        )}
        {ready && (
          <button
            type="button"
            className="sj-map-fit"
            title={say('mapFit')}
            aria-label={say('mapFit')}
            onClick={() => ready.map.fitBounds([...bounds], { padding: 24, animate: mayMove() })}
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
