import { fromGeojsonVt } from '@maplibre/vt-pbf';
import { GeoJSONVT } from '@maplibre/geojson-vt';

/** PMTiles 3, the few fields that one tile needs: https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md */
const HEADER_BYTES = 127;
const NOT_COMPRESSED = 1;
const MVT = 1;
const E7 = 10_000_000;

/** One entry, for tile 0/0/0: number, run, length, offset (0 is written as 1). */
const directoryOf = (length: number): Buffer => {
  const varint = (value: number): number[] =>
    value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
  return Buffer.from([1, 0, 1, length, 1].flatMap(varint));
};

/** An archive of one vector tile, the whole world, in which there is `earth` everywhere. */
export const tinyPmtiles = (): Buffer => {
  const west = -179.9;
  const ring = [
    [west, -85],
    [-west, -85],
    [-west, 85],
    [west, 85],
    [west, -85],
  ];
  const world = new GeoJSONVT({
    type: 'Feature',
    properties: {},
    geometry: { type: 'Polygon', coordinates: [ring] },
  });
  const tile = world.getTile(0, 0, 0);
  const bytes = Buffer.from(fromGeojsonVt({ earth: tile! }));
  const directory = directoryOf(bytes.length);
  const metadata = Buffer.from(JSON.stringify({ vector_layers: [{ id: 'earth', fields: {} }] }));
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('PMTiles');
  header.writeUInt8(3, 7);
  const parts = [directory, metadata, Buffer.alloc(0), bytes];
  let at = HEADER_BYTES;
  parts.forEach((part, i) => {
    header.writeBigUInt64LE(BigInt(at), 8 + 16 * i);
    header.writeBigUInt64LE(BigInt(part.length), 16 + 16 * i);
    at += part.length;
  });
  for (const count of [72, 80, 88]) header.writeBigUInt64LE(1n, count);
  header.writeUInt8(1, 96);
  header.writeUInt8(NOT_COMPRESSED, 97);
  header.writeUInt8(NOT_COMPRESSED, 98);
  header.writeUInt8(MVT, 99);
  for (const [i, degrees] of [-180, -85, 180, 85].entries())
    header.writeInt32LE(degrees * E7, 102 + 4 * i);
  return Buffer.concat([header, ...parts]);
};
