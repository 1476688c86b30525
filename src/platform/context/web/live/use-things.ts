import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { paths, Problem, request, useChanges, useLanguage } from '#platform/ui/web';
import type { Bounds, CityChange, CityFeature, MapHandle, StreamState } from '#platform/ui/web';
import { matches, type Filters } from './filters.ts';
import { labelled, openFeatures, type Thing } from './things.ts';

/** The layer of the map that holds the things. */
export const THINGS = 'things';

const WORLD: Bounds = [-180, -85, 180, 85];
const SETTLE_MS = 400; // a drag of the map is one question, not fifty
const MANY = 1_500; // beyond, the list and its counts follow once a second
const MANY_EVERY_MS = 1_000;
const NONE: readonly CityFeature[] = [];

type Answer = { readonly features: CityFeature[]; readonly more: boolean };
type Question = { readonly bounds: Bounds };
type Settled = { readonly question: Question; readonly more: boolean; readonly error?: Problem };

export type LiveThings = {
  /** All there is, as it is now. */
  readonly now: readonly CityFeature[];
  /** The same when the layer was last to be drawn as a whole; what came since went to the map as differences. */
  readonly whole: readonly CityFeature[];
  readonly find: (id: string) => CityFeature | undefined;
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
  sort: (feature: CityFeature) => Thing,
  onChanged: (changes: readonly CityChange[]) => void,
): LiveThings {
  const language = useLanguage();
  const [features] = useState(openFeatures);
  const [now, setNow] = useState(NONE);
  const [whole, setWhole] = useState(NONE);
  const [question, setQuestion] = useState<Question>({ bounds: WORLD });
  const [settled, setSettled] = useState<Settled>();
  const handle = useRef<MapHandle>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const counted = useRef<ReturnType<typeof setTimeout>>(undefined);
  const more = settled?.more ?? false;

  useEffect(() => {
    const leaving = new AbortController();
    request<Answer>(paths.api.map([...question.bounds]), { signal: leaving.signal }).then(
      (answer) => {
        features.load(answer.features);
        setNow(features.all());
        setWhole(features.all());
        setSettled({ question, more: answer.more });
      },
      (cause: unknown) => {
        if (leaving.signal.aborted) return;
        const error = cause instanceof Problem ? cause : new Problem(0, {});
        setSettled((before) => ({ question, more: before?.more ?? false, error }));
      },
    );
    return () => leaving.abort();
  }, [features, question]);

  const take = useEffectEvent((changes: readonly CityChange[]) => {
    const near = more ? changes.filter(isNear(question.bounds)) : changes;
    const { upsert, remove } = features.change(near);
    const isShown = (feature: CityFeature) => matches(sort(feature), filters);
    handle.current?.update(THINGS, {
      upsert: upsert.filter(isShown).map((feature) => labelled(feature, language)),
      remove: [...remove, ...upsert.filter((one) => !isShown(one)).map(({ id }) => id)],
    });
    counted.current ??= setTimeout(
      () => {
        counted.current = undefined;
        setNow(features.all());
      },
      features.size() > MANY ? MANY_EVERY_MS : 0,
    );
    onChanged(changes);
  });
  const state = useChanges<CityChange>({
    onChanges: (changes) => take(changes),
    onReload: () => setQuestion((before) => ({ ...before })),
  });

  useEffect(
    () => () => {
      clearTimeout(timer.current);
      clearTimeout(counted.current);
      counted.current = undefined;
    },
    [],
  );
  return useMemo(
    () => ({
      now,
      whole,
      find: features.get,
      state,
      loading: settled === undefined,
      error: settled?.question === question ? settled.error : undefined,
      more,
      again: () => setQuestion((before) => ({ ...before })),
      attach: (ready) => {
        handle.current = ready;
        setWhole(features.all()); // a new map was drawn from what was known when it was asked for
      },
      moved: (view) => {
        clearTimeout(timer.current);
        if (more) timer.current = setTimeout(() => setQuestion({ bounds: view }), SETTLE_MS);
      },
    }),
    [now, whole, features, state, settled, question, more],
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
