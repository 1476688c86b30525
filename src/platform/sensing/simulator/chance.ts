/**
 * Chance that can be asked for again: the same seed, name and moment give the same value, on every machine and after
 * every restart.
 */
export type Chance = (slot: number) => number;

/** FNV-1a, 32 bit, over the UTF-16 units of a name. */
const hashName = (name: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
};

/** The finalizer of MurmurHash3, which spreads neighbouring inputs over all outputs. */
const mix = (value: number): number => {
  let h = value >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/** Evenly distributed in [0, 1), one value a slot. */
export const openChance = (seed: number, name: string): Chance => {
  const start = mix(hashName(name) ^ mix(seed));
  return (slot) => {
    const low = Math.trunc(slot) | 0;
    const high = Math.floor(slot / 2 ** 32) | 0;
    return mix(mix(start ^ low) + high) / 2 ** 32;
  };
};

/** Normally distributed with mean 0 and deviation 1 (Box and Muller), one value a slot. */
export const normal = (chance: Chance, slot: number): number =>
  Math.sqrt(-2 * Math.log(1 - chance(2 * slot))) * Math.cos(2 * Math.PI * chance(2 * slot + 1));

/**
 * A smooth path through normal values that stand `1` apart: a random walk that is always drawn home, as a function of
 * time instead of its own past. Deviation 1 at every moment.
 */
export const wander = (chance: Chance, at: number): number => {
  const slot = Math.floor(at);
  const angle = ((at - slot) * Math.PI) / 2;
  return normal(chance, slot) * Math.cos(angle) + normal(chance, slot + 1) * Math.sin(angle);
};
