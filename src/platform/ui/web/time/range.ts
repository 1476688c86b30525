/** A period: one that moves with the clock, or one with fixed ends. */
export type TimeRange =
  | { readonly last: '1h' | '24h' | '7d' | '30d' }
  | { readonly from: string; readonly to: string };

export const LAST_MS = {
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 7 * 86_400_000,
  '30d': 30 * 86_400_000,
} as const;

/** The ends of a period at `now`, ISO 8601 in UTC. */
export function rangeEnds(range: TimeRange, now: number): { from: string; to: string } {
  if ('from' in range) return { from: range.from, to: range.to };
  return {
    from: new Date(now - LAST_MS[range.last]).toISOString(),
    to: new Date(now).toISOString(),
  };
}

/** A period as text for a page's query, and back; undefined when the text is no period. */
export function rangeText(range: TimeRange): string {
  return 'last' in range ? range.last : `${range.from}/${range.to}`;
}

export function readRange(text: string | undefined): TimeRange | undefined {
  if (text === undefined) return undefined;
  if (text in LAST_MS) return { last: text as keyof typeof LAST_MS };
  const [from, to] = text.split('/');
  const good = from && to && Date.parse(from) < Date.parse(to);
  return good ? { from: new Date(from).toISOString(), to: new Date(to).toISOString() } : undefined;
}
