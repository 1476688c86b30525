import { useEffect, useMemo, useState, type ReactNode } from 'react';
import {
  paths,
  useApi,
  useLanguage,
  usePalette,
  type Bounds,
  type Language,
  type MapLayer,
} from '#platform/ui/web';
import { ReplayPanel } from './replay-panel.tsx';
import { eyeLayer, trackLayers } from './track-layers.ts';
import { stateAt, type Typhoon, type TyphoonSummary } from './typhoon.ts';
import { socialWords } from './words.ts';

const WITHIN_KM = 1_000; // typhoons that a map of the city has reason to show
const LIST_MAX = 100;
const FRAME_MS = 100; // ten a second: fluent for an eye that moves some pixels an hour of its life
const HOURS_A_SECOND = 8; // a life of two weeks passes in under a minute
const HOUR_MS = 3_600_000;
const NO_LAYERS: readonly MapLayer[] = [];

export type TyphoonReplay = {
  /** Chooses a typhoon; undefined while there is none. */
  readonly chooser: ReactNode;
  readonly panel: ReactNode;
  readonly layers: readonly MapLayer[];
  readonly fit: Bounds | undefined;
};

/** A typhoon on a map: its track by grades, its passage near the city, and its eye at a time that can be played. */
export function useTyphoonReplay({
  chosen,
  onChoose,
}: {
  readonly chosen: string | undefined;
  readonly onChoose: (sn: string | undefined) => void;
}): TyphoonReplay {
  const say = socialWords.useText();
  const language = useLanguage();
  const palette = usePalette();
  const list = useApi<readonly TyphoonSummary[]>(
    `/api/social-management/typhoons?withinKm=${WITHIN_KM}&limit=${LIST_MAX}`,
  );
  const one = useApi<Typhoon>(`/api/social-management/typhoons/${chosen}`, { enabled: !!chosen });
  const typhoon =
    chosen && one.data?.sn === chosen && one.data.track.length > 0 ? one.data : undefined;
  const clock = useReplayClock(typhoon);
  const zone = useApi<{ timeZone: string }>(paths.api.city()).data?.timeZone;

  const track = useMemo(
    () => (typhoon ? trackLayers(typhoon, palette) : NO_LAYERS),
    [typhoon, palette],
  );
  const state = typhoon ? stateAt(typhoon.track, clock.at) : undefined;
  const layers = useMemo(
    () =>
      typhoon && clock.at
        ? [
            ...track,
            eyeLayer(stateAt(typhoon.track, clock.at), hourText(clock.at, language, zone), palette),
          ]
        : NO_LAYERS,
    [typhoon, track, clock.at, language, zone, palette],
  );
  const fit = useMemo(() => (typhoon ? around(typhoon) : undefined), [typhoon]);

  const nameOf = ({ sn, name }: TyphoonSummary) => [sn, name].filter(Boolean).join(' ');
  const choices = list.data ?? [];
  return {
    layers,
    fit,
    chooser: choices.length > 0 && (
      <span className="sj-city-choice">
        <label htmlFor="typhoon">{say('typhoon')}</label>
        <select
          id="typhoon"
          value={chosen ?? ''}
          onChange={(event) => onChoose(event.target.value || undefined)}
        >
          <option value="">{say('noTyphoon')}</option>
          {choices.map((choice) => (
            <option key={choice.sn} value={choice.sn}>
              {nameOf(choice)}
              {choice.passage
                ? ` · ${say('km', { km: Math.round(choice.passage.closest.km) })}`
                : ''}
            </option>
          ))}
        </select>
      </span>
    ),
    panel: typhoon && state && (
      <ReplayPanel
        title={`${say('typhoon')} ${nameOf(typhoon)}`}
        typhoon={typhoon}
        state={state}
        clock={clock}
        onClose={() => onChoose(undefined)}
      />
    ),
  };
}

export type ReplayClock = {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly playing: boolean;
  readonly play: (on: boolean) => void;
  readonly go: (at: number) => void;
};

function useReplayClock(typhoon: Typhoon | undefined): ReplayClock {
  const from = typhoon ? Date.parse(typhoon.track[0]!.at) : 0;
  const to = typhoon ? Date.parse(typhoon.track.at(-1)!.at) : 0;
  const closest = typhoon?.passage ? Date.parse(typhoon.passage.closest.at) : from;
  const of = typhoon?.sn;
  const [hand, setHand] = useState({ of, at: closest, playing: false });
  const { at, playing } = hand.of === of ? hand : { at: closest, playing: false };
  const stopped = at >= to;
  useEffect(() => {
    if (!playing || stopped) return undefined;
    const step = (HOURS_A_SECOND * HOUR_MS * FRAME_MS) / 1000;
    const timer = setInterval(
      () => setHand((now) => ({ ...now, at: Math.min(to, now.at + step) })),
      FRAME_MS,
    );
    return () => clearInterval(timer);
  }, [playing, stopped, to]);
  return {
    at,
    from,
    to,
    playing: playing && !stopped,
    play: (on) => setHand({ of, at: on && stopped ? from : at, playing: on }),
    go: (time) => setHand({ of, at: time, playing: false }),
  };
}

/** Day and hour in the city's own time, for the label of the eye. */
function hourText(at: number, language: Language, zone: string | undefined): string {
  return new Intl.DateTimeFormat(language, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    ...(zone ? { timeZone: zone } : {}),
  }).format(at);
}

const MARGIN_DEGREES = 1;

/** The track within reach of the city, with the city. */
function around({ track, passage }: Typhoon): Bounds {
  const all = [...track.map(({ position }) => position), ...(passage ? [passage.place] : [])];
  const lons = all.map(([lon]) => lon);
  const lats = all.map(([, lat]) => lat);
  return [
    Math.min(...lons) - MARGIN_DEGREES,
    Math.min(...lats) - MARGIN_DEGREES,
    Math.max(...lons) + MARGIN_DEGREES,
    Math.max(...lats) + MARGIN_DEGREES,
  ];
}
