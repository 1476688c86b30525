import type { Clock } from '#kernel/time';

/** A revocation in another process counts from here at the latest. */
const KNOWN_MS_MAX = 1000;
const KNOWN_MAX = 10_000;

/** Remembers for up to a second what was found; that nothing was found is asked anew. */
export const openMemory = <T>(clock: Clock) => {
  const known = new Map<string, { value: T; at: number }>();
  return {
    get: async (key: string, find: () => Promise<T | undefined>): Promise<T | undefined> => {
      const now = clock.now().getTime();
      const before = known.get(key);
      if (before && Math.abs(now - before.at) < KNOWN_MS_MAX) return before.value;
      known.delete(key);
      const value = await find();
      if (known.size >= KNOWN_MAX) known.clear();
      if (value !== undefined) known.set(key, { value, at: now });
      return value;
    },
    forget: (key: string): void => void known.delete(key),
    forgetAll: (): void => known.clear(),
  };
};
