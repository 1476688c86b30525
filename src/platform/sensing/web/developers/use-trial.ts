import { useState } from 'react';
import { paths, useApi, useSend, type LonLat } from '#platform/ui/web';
import { api, type DeviceWithSecret } from '../api.ts';
import { placeOf, type Trial } from './snippets.ts';

const KEY = 'sanjiang.trial'; // a reload must not cost the device

/** The trial device of this browser tab: kept until the tab closes or the device ends. */
export function useTrial() {
  const [kept, setKept] = useState(read);
  const city = useApi<{ centre: LonLat }>(paths.api.city());
  const send = useSend<DeviceWithSecret>({
    onDone: (answer) => {
      sessionStorage.setItem(KEY, JSON.stringify(answer));
      setKept(answer);
    },
  });
  const centre = city.data?.centre;
  const trial: Trial | undefined =
    kept && centre
      ? {
          id: kept.device.id,
          secret: kept.secret,
          origin: location.origin,
          place: placeOf(kept.device.id, centre),
        }
      : undefined;
  return {
    device: kept?.device,
    trial,
    error: send.error ?? city.error,
    busy: send.isPending,
    get: () => send.mutate({ method: 'POST', path: api.trial(), body: {} }),
  };
}

function read(): DeviceWithSecret | undefined {
  const text = sessionStorage.getItem(KEY);
  if (!text) return undefined;
  const kept = JSON.parse(text) as DeviceWithSecret;
  const { expiresAt } = kept.device;
  return expiresAt && Date.parse(expiresAt) > Date.now() ? kept : undefined;
}
