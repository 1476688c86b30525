import type { Position } from 'geojson';

/** An edge of a ring, from left to right (then from below upwards). */
export type Edge = {
  readonly left: Position;
  readonly right: Position;
  /** Which ring it is of. */
  readonly ring: number;
};

const isBefore = (a: Position, b: Position): boolean =>
  a[0]! < b[0]! || (a[0] === b[0] && a[1]! < b[1]!);

const equal = (a: Position, b: Position): boolean => a[0] === b[0] && a[1] === b[1];

/** Positive where c lies left of the line from a to b, zero where it lies on it. */
const turn = (a: Position, b: Position, c: Position): number =>
  (b[0]! - a[0]!) * (c[1]! - a[1]!) - (b[1]! - a[1]!) * (c[0]! - a[0]!);

/** The edges of lines or rings, each with the number of its ring. */
export const toEdges = (rings: readonly (readonly Position[])[]): Edge[] =>
  rings.flatMap((ring, n) =>
    ring.slice(1).flatMap((to, k) => {
      const from = ring[k]!;
      if (equal(from, to)) return []; // a repeated position is harmless
      const [left, right] = isBefore(from, to) ? [from, to] : [to, from];
      return [{ left, right, ring: n }];
    }),
  );

type Meeting = 'none' | 'at an end of both' | 'at an end of one' | 'crossing' | 'along';

/** How two edges meet. */
export const meet = (a: Edge, b: Edge): Meeting => {
  const b1 = turn(a.left, a.right, b.left);
  const b2 = turn(a.left, a.right, b.right);
  if (b1 === 0 && b2 === 0) {
    // On one line: they share a stretch where the later start lies before the earlier end.
    const start = isBefore(a.left, b.left) ? b.left : a.left;
    const end = isBefore(a.right, b.right) ? a.right : b.right;
    if (equal(start, end)) return 'at an end of both';
    return isBefore(start, end) ? 'along' : 'none';
  }
  if ((b1 > 0 && b2 > 0) || (b1 < 0 && b2 < 0)) return 'none';
  const a1 = turn(b.left, b.right, a.left);
  const a2 = turn(b.left, b.right, a.right);
  if ((a1 > 0 && a2 > 0) || (a1 < 0 && a2 < 0)) return 'none';
  const ends = Number(a1 === 0 || a2 === 0) + Number(b1 === 0 || b2 === 0);
  if (ends === 2) return 'at an end of both';
  return ends === 1 ? 'at an end of one' : 'crossing';
};

const describe = (at: Position): string => `[${at[0]}, ${at[1]}]`;

/** What is wrong with an area, and whether a ring of it crosses itself, which engines only bear once it is mended. */
type Survey = { readonly fault: string | undefined; readonly crossesItself: boolean };

/** The edges that meet, by a sweep from left to right. */
const findMeeting = (edges: readonly Edge[]): Survey => {
  let crossesItself = false;
  const fault = (why: string) => ({ fault: why, crossesItself });
  const sorted = edges.toSorted((a, b) => a.left[0]! - b.left[0]!);
  let active: Edge[] = [];
  for (const edge of sorted) {
    const low = Math.min(edge.left[1]!, edge.right[1]!);
    const high = Math.max(edge.left[1]!, edge.right[1]!);
    active = active.filter((other) => other.right[0]! >= edge.left[0]!);
    for (const other of active) {
      if (
        Math.max(other.left[1]!, other.right[1]!) < low ||
        Math.min(other.left[1]!, other.right[1]!) > high
      )
        continue;
      const meeting = meet(edge, other);
      if (meeting === 'crossing' && edge.ring !== other.ring)
        return fault(`two of its rings cross near ${describe(edge.left)}.`);
      if (meeting === 'crossing') crossesItself = true;
      if (meeting === 'along')
        return fault(`two of its edges lie on each other near ${describe(edge.left)}.`);
      if (meeting === 'at an end of one' && edge.ring === other.ring)
        return fault(`a ring touches itself near ${describe(edge.left)}.`);
    }
    active.push(edge);
  }
  return { fault: undefined, crossesItself };
};

/** A ring passes each of its positions once, immediate repetitions and the closing one aside. */
const findRepeated = (ring: readonly Position[]): string | undefined => {
  const passed = ring.filter((at, n) => n > 0 && !equal(at, ring[n - 1]!));
  const seen = new Set<string>();
  for (const at of passed) {
    const key = `${at[0]} ${at[1]}`;
    if (seen.has(key)) return `a ring passes ${describe(at)} twice.`;
    seen.add(key);
  }
  return seen.size < 3 ? 'a ring has fewer than three different positions.' : undefined;
};

/** 1 inside, 0 on the edge, -1 outside; by the parity of crossings of a ray to the east. */
const sideOf = (at: Position, ring: readonly Position[]): 1 | 0 | -1 => {
  let inside = false;
  for (let n = 1; n < ring.length; n += 1) {
    const a = ring[n - 1]!;
    const b = ring[n]!;
    const side = turn(a, b, at);
    if (
      side === 0 &&
      at[0]! >= Math.min(a[0]!, b[0]!) &&
      at[0]! <= Math.max(a[0]!, b[0]!) &&
      at[1]! >= Math.min(a[1]!, b[1]!) &&
      at[1]! <= Math.max(a[1]!, b[1]!)
    )
      return 0;
    if (a[1]! > at[1]! !== b[1]! > at[1]! && (b[1]! > a[1]! ? side > 0 : side < 0))
      inside = !inside;
  }
  return inside ? 1 : -1;
};

/** Whether a ring that crosses no other lies within `outer`: told by its first position off the edge. */
const liesWithin = (ring: readonly Position[], outer: readonly Position[]): boolean => {
  for (const at of ring) {
    const side = sideOf(at, outer);
    if (side !== 0) return side === 1;
  }
  return false;
};

/** 1 inside, 0 on an edge, -1 outside or in a hole. */
export const sideOfPolygon = (
  at: Position,
  [outer, ...holes]: readonly Position[][],
): 1 | 0 | -1 => {
  const side = sideOf(at, outer!);
  if (side !== 1) return side;
  for (const hole of holes) {
    const within = sideOf(at, hole);
    if (within !== -1) return within === 0 ? 0 : -1;
  }
  return 1;
};

const findMisplaced = (polygons: readonly Position[][][]): string | undefined => {
  for (const [outer, ...holes] of polygons) {
    if (!holes.every((hole) => liesWithin(hole, outer!)))
      return 'a hole lies outside its outer ring.';
    if (holes.some((hole, n) => holes.some((other, k) => k !== n && liesWithin(hole, other))))
      return 'a hole lies within another.';
  }
  const overlapping = polygons.some(([outer], n) =>
    polygons.some(
      ([other, ...holes], k) =>
        k !== n && liesWithin(outer!, other!) && !holes.some((hole) => liesWithin(outer!, hole)),
    ),
  );
  return overlapping ? 'a polygon lies within another.' : undefined;
};

/** Whether these polygons are an area by OGC 06-103r4, 6.1.11.1 and 6.1.14, but for rings that cross themselves. */
export const survey = (polygons: readonly Position[][][]): Survey => {
  const rings = polygons.flat();
  const repeated = rings.map(findRepeated).find(Boolean);
  if (repeated) return { fault: repeated, crossesItself: false };
  const { fault, crossesItself } = findMeeting(toEdges(rings));
  return { fault: fault ?? findMisplaced(polygons), crossesItself };
};
