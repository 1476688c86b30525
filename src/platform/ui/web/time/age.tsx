import { useEffect, useState } from 'react';
import { useLanguage } from '../text/language.ts';
import { uiWords } from '../text/words.ts';
import { ageParts } from './age-parts.ts';
import { formatTime } from './format.ts';

const TICK_MIN_MS = 1_000;

/** How long ago. It ticks, and names the exact time to a pointer. */
export function Age({ at }: { at: string | number | Date | null | undefined }) {
  const say = uiWords.useText();
  const language = useLanguage();
  const [now, setNow] = useState(Date.now);
  const time = at === null || at === undefined ? Number.NaN : new Date(at).getTime();
  const [counted, setCounted] = useState(time);
  const parts = Number.isNaN(time) ? undefined : ageParts(time, now);
  const nextMs = Math.max(parts?.nextMs ?? 0, TICK_MIN_MS);

  useEffect(() => {
    if (Number.isNaN(time)) return undefined;
    // What came since the last tick is counted from now, not from that tick.
    const waitMs = counted === time ? Math.min(nextMs, 86_400_000) : 0;
    const timer = setTimeout(() => {
      setNow(Date.now());
      setCounted(time);
    }, waitMs);
    return () => clearTimeout(timer);
  }, [time, counted, now, nextMs]);

  if (!parts) return <span className="sj-soft">{say('ageNever')}</span>;
  return (
    <time dateTime={new Date(time).toISOString()} title={formatTime(time, language)}>
      {say(parts.key, { count: parts.count })}
    </time>
  );
}
