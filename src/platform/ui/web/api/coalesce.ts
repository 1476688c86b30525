type Clock = {
  readonly set: (run: () => void, ms: number) => unknown;
  readonly clear: (timer: unknown) => void;
};

const browser: Clock = {
  set: (run, ms) => setTimeout(run, ms),
  clear: (timer) => clearTimeout(timer as number),
};

/**
 * Gathers items and hands them on at most once in `everyMs`, the newest of each key only, in the
 * order in which the keys first came. Past `keysMax` keys it hands on at once, so memory is bounded.
 */
export function coalesce<T>(
  options: { everyMs: number; keysMax: number; key: (item: T) => string },
  take: (items: T[]) => void,
  clock: Clock = browser,
): { add: (item: T) => void; stop: () => void } {
  let waiting = new Map<string, T>();
  let timer: unknown;

  const flush = () => {
    timer = undefined;
    if (waiting.size === 0) return;
    const items = [...waiting.values()];
    waiting = new Map();
    take(items);
  };

  return {
    add(item) {
      waiting.set(options.key(item), item);
      if (waiting.size >= options.keysMax) {
        if (timer !== undefined) clock.clear(timer);
        flush();
      } else {
        timer ??= clock.set(flush, options.everyMs);
      }
    },
    stop() {
      if (timer !== undefined) clock.clear(timer);
      timer = undefined;
      waiting.clear();
    },
  };
}
