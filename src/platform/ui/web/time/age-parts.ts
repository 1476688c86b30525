const UNITS = [
  ['Days', 86_400_000],
  ['Hours', 3_600_000],
  ['Minutes', 60_000],
  ['Seconds', 1_000],
] as const;

const NOW_MS = 5_000; // below this nobody wants a figure

/** How old something is, as a key of the texts and a count; and when that will next read differently. */
export type AgeParts = {
  readonly key: 'ageNow' | `${'age' | 'in'}${'Days' | 'Hours' | 'Minutes' | 'Seconds'}`;
  readonly count: number;
  readonly nextMs: number;
};

/** Splits the time between `at` and `now` (both ms since 1970) into the largest whole unit. */
export function ageParts(at: number, now: number): AgeParts {
  const distance = Math.abs(now - at);
  if (distance < NOW_MS) return { key: 'ageNow', count: 0, nextMs: NOW_MS };
  const direction = at > now ? 'in' : 'age';
  for (const [unit, ms] of UNITS) {
    if (distance < ms) continue;
    const nextMs = direction === 'age' ? ms - (distance % ms) : (distance % ms) + 1;
    return { key: `${direction}${unit}`, count: Math.floor(distance / ms), nextMs };
  }
  return { key: 'ageNow', count: 0, nextMs: NOW_MS };
}
