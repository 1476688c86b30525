import type { Committed, Event, EventText } from './events.ts';

/** What waits here for a consumer that is behind, about 30 MB of heap; beyond, it reads from the database. */
const CHARACTERS_MAX = 8 * 1024 * 1024;

type Run = { readonly first: number; readonly last: number; readonly events: readonly Event[] };

const sizeOf = (events: readonly EventText[]): number =>
  events.reduce((sum, { data }) => sum + data.length, 0);

/** Its text is read when somebody wants it, and once. */
const eventOf = (
  { tenant, type, key, data: text, head }: EventText,
  seq: number,
  at: string,
): Event => {
  let read: { data: unknown } | undefined;
  return {
    seq,
    at,
    tenant,
    type,
    key,
    ...(head && { head }),
    get data() {
      return (read ??= { data: JSON.parse(text) }).data;
    },
  };
};

/**
 * The events that this process has just committed, for its own consumers: who has passed the event before need not ask the
 * database for them. Nothing rests on them: what is missing here, after a start or from another process, is read from the
 * outbox. Numbers are given under a lock that is held until the commit, so that the next number is the next event.
 */
export const openAtHand = (charactersMax = CHARACTERS_MAX) => {
  let runs: (Run & { readonly size: number })[] = [];
  let size = 0;
  const readers = new Map<string, number>();

  const drop = (count: number) => {
    for (const run of runs.splice(0, count)) size -= run.size;
  };
  const dropWhatIsTooMuch = () => {
    let count = 0;
    for (let left = size; left > charactersMax; count++) left -= runs[count]!.size;
    drop(count);
  };

  return {
    add: ({ first, at, events }: Committed): void => {
      if (readers.size === 0 || events.length === 0) return;
      const run = {
        first,
        last: first + events.length - 1,
        size: sizeOf(events),
        events: events.map((event, n) => eventOf(event, first + n, at)),
      };
      runs.push(run);
      size += run.size;
      // Commits end in the order of their numbers; their answers nearly always come in it.
      if (runs.length > 1 && runs.at(-2)!.first > first)
        runs = runs.toSorted((a, b) => a.first - b.first);
      dropWhatIsTooMuch();
    },

    /** The events that follow this place; undefined where the next is not at hand but a later one is. */
    after: (place: number, limit: number): Event[] | undefined => {
      const found: Event[] = [];
      let next = place + 1;
      for (const { first, last, events } of runs) {
        if (last < next) continue;
        if (first > next) return found.length > 0 ? found : undefined;
        found.push(...events.slice(next - first, next - first + limit - found.length));
        next = last + 1;
        if (found.length === limit) break;
      }
      return found;
    },

    /** Nothing up to here is kept for this reader; undefined where he reads no more. */
    passed: (reader: string, place: number | undefined): void => {
      if (place === undefined) readers.delete(reader);
      else readers.set(reader, place);
      const slowest = Math.min(...readers.values());
      const waiting = runs.findIndex(({ last }) => last > slowest);
      drop(waiting < 0 ? runs.length : waiting);
    },
  };
};
export type AtHand = ReturnType<typeof openAtHand>;
