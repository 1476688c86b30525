import type { Position } from 'geojson';
import { crossesItself, type Geometry } from './geometry.ts';

const WGS84 = 4326;
const HAS_SRID = 0x20000000;
const COLLECTION = 7;
const CODE = {
  Point: 1,
  LineString: 2,
  Polygon: 3,
  MultiPoint: 4,
  MultiLineString: 5,
  MultiPolygon: 6,
} as const satisfies Record<Geometry['type'], number>;

/** Bytes of what is written so far; the numbers are little-endian. */
const openWriter = () => {
  let view = new DataView(new ArrayBuffer(256));
  let size = 0;
  const grow = (by: number): number => {
    if (size + by > view.byteLength) {
      const larger = new Uint8Array(Math.max(view.byteLength * 2, size + by));
      larger.set(new Uint8Array(view.buffer, 0, size));
      view = new DataView(larger.buffer);
    }
    size += by;
    return size - by;
  };
  return {
    byte: (value: number) => view.setUint8(grow(1), value),
    uint: (value: number) => view.setUint32(grow(4), value, true),
    double: (value: number) => view.setFloat64(grow(8), value, true),
    hex: () => Buffer.from(view.buffer, 0, size).toString('hex').toUpperCase(),
  };
};
type Writer = ReturnType<typeof openWriter>;

const writePosition = (to: Writer, [longitude, latitude]: Position): void => {
  to.double(longitude!);
  to.double(latitude!);
};

const writePositions = (to: Writer, positions: readonly Position[]): void => {
  to.uint(positions.length);
  for (const position of positions) writePosition(to, position);
};

/** The parts of a many-geometry, as geometries of their own. */
const partsOf = (geometry: Geometry): readonly Geometry[] | undefined => {
  switch (geometry.type) {
    case 'MultiPoint':
      return geometry.coordinates.map((coordinates) => ({ type: 'Point', coordinates }));
    case 'MultiLineString':
      return geometry.coordinates.map((coordinates) => ({ type: 'LineString', coordinates }));
    case 'MultiPolygon':
      return geometry.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates }));
    default:
      return undefined;
  }
};

const write = (to: Writer, geometry: Geometry, whole: boolean): void => {
  to.byte(1);
  to.uint((CODE[geometry.type] | (whole ? HAS_SRID : 0)) >>> 0);
  if (whole) to.uint(WGS84);
  const parts = partsOf(geometry);
  if (parts) {
    to.uint(parts.length);
    for (const part of parts) write(to, part, false);
  } else if (geometry.type === 'Point') writePosition(to, geometry.coordinates);
  else if (geometry.type === 'LineString') writePositions(to, geometry.coordinates);
  else if (geometry.type === 'Polygon') {
    to.uint(geometry.coordinates.length);
    for (const ring of geometry.coordinates) writePositions(to, ring);
  }
};

/**
 * Hexadecimal EWKB (PostGIS manual, 4.1) in WGS 84, for a column of `geometry(Geometry, 4326)`: altitudes are left out.
 * A checked area that crosses itself is put into a collection, which no geometry of clause 4.7.1 is, so that whoever
 * asks of it knows by its first bytes that it is to be mended.
 */
export const toEwkb = (geometry: Geometry): string => {
  const to = openWriter();
  const crosses = crossesItself(geometry);
  if (crosses) {
    to.byte(1);
    to.uint((COLLECTION | HAS_SRID) >>> 0);
    to.uint(WGS84);
    to.uint(1);
  }
  write(to, geometry, !crosses);
  return to.hex();
};
