import type { Body } from '../api.ts';

export type Row = { readonly body: Body; readonly depth: number };

/** Each body after the one above it, with how deep it stands; those without one above come first to last by id. */
export function inTreeOrder(bodies: readonly Body[]): Row[] {
  const known = new Set(bodies.map(({ id }) => id));
  const below = new Map<string, Body[]>();
  for (const body of bodies) {
    const above = body.parent !== null && known.has(body.parent) ? body.parent : '';
    below.set(above, [...(below.get(above) ?? []), body]);
  }
  const walk = (above: string, depth: number): Row[] =>
    (below.get(above) ?? []).flatMap((body) => [{ body, depth }, ...walk(body.id, depth + 1)]);
  return walk('', 0);
}
