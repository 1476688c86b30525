import { Popup, type Map as MapLibreMap } from 'maplibre-gl';
import { useEffect, useEffectEvent, useState } from 'react';
import { createPortal } from 'react-dom';
import type { MapProps } from './map-props.ts';

const OFFSET_PX = 14; // so that the card does not cover the thing it is about

type Props = NonNullable<MapProps['popup']> & { readonly map: MapLibreMap };

/** A small card at a place on the map; its content is React's. */
export function MapPopup({ map, at: [lon, lat], content, onClose }: Props) {
  const [node] = useState(() => document.createElement('div'));
  const [popup] = useState(() =>
    new Popup({ closeOnClick: false, maxWidth: '320px', offset: OFFSET_PX }).setDOMContent(node),
  );
  const close = useEffectEvent(onClose);

  useEffect(() => void popup.setLngLat([lon, lat]), [popup, lon, lat]);
  useEffect(() => {
    const tell = () => close();
    popup.addTo(map).on('close', tell);
    return () => {
      popup.off('close', tell);
      popup.remove();
    };
  }, [map, popup]);
  return createPortal(content, node);
}
