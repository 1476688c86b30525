import { useEffect, useMemo, useState } from 'react';
import {
  ErrorState,
  Loading,
  Problem,
  rangeEnds,
  TimeSeries,
  useApi,
  useLanguage,
  type TimeRange,
} from '#platform/ui/web';
import { contextWords } from '../words.ts';
import { attributeName } from './attribute-name.ts';
import { historyQuestion, mergePoints, readHistory } from './history.ts';
import type { Fact } from './read-entity.ts';
import { useUnitSymbol } from './value.tsx';

const REFRESH_MS = 15_000;
const ROUND_MS = 60_000; // so that the question stays the same for a minute, and is asked once
const GAP_FACTOR = 4;

type Props = { readonly id: string; readonly fact: Fact; readonly range: TimeRange };

/** The end of this minute. */
function useMinute(): number {
  const [now, setNow] = useState(endOfMinute);
  useEffect(() => {
    const timer = setInterval(() => setNow(endOfMinute()), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

const endOfMinute = () => Math.ceil(Date.now() / ROUND_MS) * ROUND_MS;

/** The history of one number: coarse over a long period, finer where a person zooms in. */
export function HistoryChart({ id, fact, range }: Props) {
  const say = contextWords.useText();
  const language = useLanguage();
  const unitSymbol = useUnitSymbol();
  const [zoom, setZoom] = useState<readonly [number, number]>();
  const now = useMinute();
  const ends = rangeEnds(range, now);
  const [from, to] = [Date.parse(ends.from), Date.parse(ends.to)];
  const whole = historyQuestion(id, fact, from, to);
  const close = zoom ? historyQuestion(id, fact, ...zoom) : undefined;
  const finer = close !== undefined && (close.step?.ms ?? 0) < (whole.step?.ms ?? 0);

  const coarse = useApi<unknown>(whole.path, { refreshMs: REFRESH_MS, keep: true });
  const fine = useApi<unknown>(close?.path ?? whole.path, { enabled: finer });
  const points = useMemo(() => {
    const all = readHistory(coarse.data, fact);
    return finer && fine.data ? mergePoints(all, readHistory(fine.data, fact), zoom!) : all;
  }, [coarse.data, fine.data, fact, finer, zoom]);

  const name = attributeName(fact.name, language);
  const none = coarse.error instanceof Problem && coarse.error.status === 404;
  if (coarse.error && !none)
    return <ErrorState error={coarse.error} onRetry={() => void coarse.refetch()} />;
  if (!coarse.data && !none) return <Loading height={240} />;
  const step = finer && fine.data ? close.step : whole.step;
  return (
    <>
      <TimeSeries
        label={say('historyOf', { name })}
        series={[
          {
            name,
            unit: unitSymbol(fact.unitCode),
            points,
            ...(whole.step ? { gapMs: whole.step.ms * GAP_FACTOR } : {}),
          },
        ]}
        from={from}
        to={to}
        height={240}
        onPeriod={(start, end) =>
          setZoom(start <= from && end >= to ? undefined : [Math.floor(start), Math.ceil(end)])
        }
      />
      {points.length > 0 && (
        <p className="sj-soft">
          {step ? say('historyMeans', { minutes: step.ms / 60_000 }) : say('historyRaw')}
        </p>
      )}
    </>
  );
}
