import { Button } from 'antd';
import { useId, type ReactNode } from 'react';
import {
  formatNumber,
  formatTime,
  pick,
  useApi,
  useLanguage,
  usePalette,
  paths,
  type Bilingual,
} from '#platform/ui/web';
import { gradeColour } from './track-layers.ts';
import { kmBetween, type Typhoon, type TyphoonState } from './typhoon.ts';
import type { ReplayClock } from './use-typhoon-replay.tsx';
import { socialWords } from './words.ts';
import './replay.css';

const STEP_MS = 1_800_000; // half an hour: an arrow key moves the eye some kilometres

type Props = {
  readonly title: string;
  readonly typhoon: Typhoon;
  readonly state: TyphoonState;
  readonly clock: ReplayClock;
  readonly onClose: () => void;
};

/** Where the eye is at a time; the time can be played, dragged, and moved by arrow keys. */
export function ReplayPanel({ title, typhoon, state, clock, onClose }: Props) {
  const say = socialWords.useText();
  const language = useLanguage();
  const palette = usePalette();
  const id = useId();
  const { data } = useApi<{ name: Bilingual; timeZone: string }>(paths.api.city());
  const city = pick(data?.name, language, say('theCity'));
  const { passage } = typhoon;
  const time = (at: string | number) =>
    formatTime(at, language, data?.timeZone).replace(/:\d\d$/, '');
  return (
    <section className="sj-replay" aria-label={say('replay')}>
      <div className="sj-replay-head">
        <h2>{title}</h2>
        <button type="button" aria-label={say('close')} onClick={onClose}>
          ×
        </button>
      </div>
      <div className="sj-replay-time">
        <Button size="small" type="primary" onClick={() => clock.play(!clock.playing)}>
          {say(clock.playing ? 'pause' : 'play')}
        </Button>
        <label className="sj-hidden" htmlFor={id}>
          {say('when')}
        </label>
        <input
          id={id}
          type="range"
          min={clock.from}
          max={clock.to}
          step={STEP_MS}
          value={clock.at}
          aria-valuetext={time(clock.at)}
          onChange={(event) => clock.go(Number(event.target.value))}
        />
      </div>
      <dl>
        <Fact name={say('when')}>{time(clock.at)}</Fact>
        <Fact name={say('grade')}>
          <i style={{ background: gradeColour(state.grade?.code, palette.soft) }} />
          {pick(state.grade?.name, language, say('noGrade'))}
        </Fact>
        {state.windMs !== undefined && (
          <Fact name={say('wind')}>{formatNumber(state.windMs, language, 1)} m/s</Fact>
        )}
        {state.pressureHpa !== undefined && (
          <Fact name={say('pressure')}>{formatNumber(state.pressureHpa, language, 0)} hPa</Fact>
        )}
        {passage && (
          <Fact name={say('distance', { city })}>
            {say('km', { km: Math.round(kmBetween(state.position, passage.place)) })}
          </Fact>
        )}
        {passage && (
          <Fact name={say('nearest', { city })}>
            <button
              type="button"
              title={say('goClosest')}
              onClick={() => clock.go(Date.parse(passage.closest.at))}
            >
              {say('km', { km: Math.round(passage.closest.km) })} · {time(passage.closest.at)}
            </button>
          </Fact>
        )}
      </dl>
      <p className="sj-soft">{say('interpolated')}</p>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
