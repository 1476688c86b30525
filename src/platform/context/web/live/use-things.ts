import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { paths, Problem, request, useChanges } from '#platform/ui/web';
import type { Bounds, CityChange, CityFeature, MapHandle, StreamState } from '#platform/ui/web';
import { matches, type Filters } from './filters.ts';
import { openThings, type Sorting, type Things } from './things.ts';

/** The layer of the map that holds the things. */
export const THINGS = 'things';

const WORLD: Bounds = [-180, -85, 180, 85];
const SETTLE_MS = 400; // a drag of the map is one question, not fifty

type Answer = { readonly features: CityFeature[]; readonly more: boolean };

export type LiveThings = {
  readonly things: Things;
  /** Grows whenever the things have changed. */
  readonly version: number;
  /** Grows when the layer must be drawn anew as a whole. */
  readonly epoch: number;
  readonly state: StreamState;
  readonly loading: boolean;
  readonly error: Problem | undefined;
  /** True: there is more than one answer holds, so only what is in view was asked for. */
  readonly more: boolean;
  readonly again: () => void;
  readonly attach: (handle: MapHandle) => void;
  readonly moved: (view: Bounds) => void;
};

/**
 * The things of the city, loaded once and then followed. While one answer holds all of them they are all here, so the
 * map can go where data is; beyond, the view decides. Changes go to the map as differences.
 */
export function useThings(
  filters: Filters,
  sorting: Sorting,
  onChanged: (changes: readonly CityChange[]) => void,
): LiveThings {
  const [things] = useState(() => openThings(sorting));
  const [version, setVersion] = useState(0);
  const [epoch, setEpoch] = useState(0);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<Problem>();
  const [more, setMore] = useState(false);
  const [asked, setAsked] = useState<{ bounds: Bounds; n: number }>({ bounds: WORLD, n: 0 });
  const handle = useRef<MapHandle>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const changed = useEffectEvent(onChanged);
  const redraw = () => {
    setVersion((now) => now + 1);
    setEpoch((now) => now + 1);
  };

  useEffect(() => {
    const leaving = new AbortController();
    setLoading(true);
    request<Answer>(paths.api.map([...asked.bounds]), { signal: leaving.signal }).then(
      (answer) => {
        things.load(answer.features);
        setMore(answer.more);
        setError(undefined);
        setLoading(false);
        redraw();
      },
      (cause: unknown) => {
        if (leaving.signal.aborted) return;
        setError(cause instanceof Problem ? cause : new Problem(0, {}));
        setLoading(false);
      },
    );
    return () => leaving.abort();
  }, [things, asked]);

  useEffect(() => {
    things.resort(sorting);
    redraw();
  }, [things, sorting]);

  const state = useChanges<CityChange>({
    onChanges: (changes) => {
      const { upsert, remove } = things.change(
        more ? changes.filter(isNear(asked.bounds)) : changes,
      );
      const shown = upsert.filter((thing) => matches(thing, filters));
      const hidden = upsert.filter((thing) => !shown.includes(thing));
      handle.current?.update(THINGS, {
        upsert: shown.map(({ feature }) => feature as never),
        remove: [...remove, ...hidden.map(({ feature }) => feature.id)],
      });
      setVersion((now) => now + 1);
      changed(changes);
    },
    onReload: () => setAsked((now) => ({ ...now, n: now.n + 1 })),
  });

  useEffect(() => () => clearTimeout(timer.current), []);
  return useMemo(
    () => ({
      things,
      version,
      epoch,
      state,
      loading,
      error,
      more,
      again: () => setAsked((now) => ({ ...now, n: now.n + 1 })),
      attach: (ready) => {
        handle.current = ready;
        setEpoch((now) => now + 1); // a new map was drawn from what was known when it was asked for
      },
      moved: (view) => {
        clearTimeout(timer.current);
        if (more) timer.current = setTimeout(() => setAsked({ bounds: view, n: 0 }), SETTLE_MS);
      },
    }),
    [things, version, epoch, state, loading, error, more],
  );
}

/** Whether a change concerns what was asked for; what is gone always does. */
function isNear([west, south, east, north]: Bounds) {
  return (change: CityChange): boolean => {
    if ('deleted' in change || change.geometry?.type !== 'Point') return true;
    const [lon = 0, lat = 0] = change.geometry.coordinates;
    return lon >= west && lon <= east && lat >= south && lat <= north;
  };
}
