/** The only source of "now": tests and replays hand in their own. */
export type Clock = { now(): Date };

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until `set` or `advanceMs` moves it. */
export const fixedClock = (at: string) => {
  let now = new Date(at);
  return {
    now: () => new Date(now),
    set: (next: string) => {
      now = new Date(next);
    },
    advanceMs: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
  };
};
