import type { Feature } from 'geojson';
import type { GeoJSONSource } from 'maplibre-gl';
import { drawable, idOf } from './drawable.ts';
import type { MapChange } from './map-props.ts';

const EVERY_MS = 500; // two drawings a second at most; what moves is followed calmly
const MANY_EVERY_MS = 1_000; // of thousands, each drawing groups and cuts all of them anew
const PENDING_MAX = 20_000;

type Clock = { readonly later: (run: () => void, ms: number) => unknown };
const browser: Clock = { later: (run, ms) => setTimeout(run, ms) };

/** Gathers the changes of one source and hands them to the map together, the newest of each id. */
export function liveSource(
  source: Pick<GeoJSONSource, 'updateData'>,
  many: boolean,
  clock: Clock = browser,
): { add: (change: MapChange) => void; forget: () => void } {
  const pending = new Map<string, Feature | undefined>();
  let waiting = false;
  let busy = false;

  const flush = () => {
    waiting = false;
    if (pending.size === 0) return;
    if (busy) return schedule(); // the map is still drawing the last ones
    const add = [...pending.values()].filter((feature) => feature !== undefined);
    const remove = [...pending].filter(([, feature]) => feature === undefined).map(([id]) => id);
    pending.clear();
    busy = true;
    void source.updateData({ add, remove }).finally(() => (busy = false));
  };
  const schedule = () => {
    if (waiting) return;
    waiting = true;
    clock.later(flush, many ? MANY_EVERY_MS : EVERY_MS);
  };

  return {
    add({ upsert = [], remove = [] }) {
      for (const feature of upsert) pending.set(idOf(feature), drawable(feature));
      for (const id of remove) pending.set(id, undefined);
      if (pending.size > PENDING_MAX) flush();
      else schedule();
    },
    forget: () => pending.clear(),
  };
}
