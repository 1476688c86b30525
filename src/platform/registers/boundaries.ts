import type { MultiPolygon, Polygon } from 'geojson';
import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import type { Kernel } from '#kernel/module';
import { type Clock, toInstant } from '#kernel/time';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { District } from './city.ts';
import { fromGcj02 } from './gcj02.ts';
import type { Position } from './geometry.ts';
import type { RegistersTables } from './tables.ts';

const Ring = Type.Array(Type.Array(Type.Number(), { minItems: 2, maxItems: 4 }), { minItems: 4 });
const BoundaryFile = Type.Object({
  type: Type.Literal('FeatureCollection'),
  features: Type.Array(
    Type.Object({
      type: Type.Literal('Feature'),
      properties: Type.Union([Type.Null(), Type.Record(Type.String(), Type.Unknown())]),
      geometry: Type.Union([
        Type.Object({ type: Type.Literal('Polygon'), coordinates: Type.Array(Ring) }),
        Type.Object({
          type: Type.Literal('MultiPolygon'),
          coordinates: Type.Array(Type.Array(Ring)),
        }),
      ]),
    }),
    { maxItems: 1_000 },
  ),
});

export type Boundary = { readonly code: string; readonly area: Polygon | MultiPolygon };

/** Properties that the usual sources keep a GB/T 2260 code or a Chinese name in. */
const CODE_PROPERTIES = ['code', 'adcode', 'gb', 'id'];
const NAME_PROPERTIES = ['name', 'county', 'NAME'];

const districtOf = (
  properties: Readonly<Record<string, unknown>>,
  districts: readonly District[],
): District | undefined => {
  const values = (names: readonly string[]) => names.map((n) => String(properties[n] ?? ''));
  const codes = values(CODE_PROPERTIES).map((code) => code.replace(/^156(?=\d{6}$)/, ''));
  return (
    districts.find((d) => codes.includes(d.code)) ??
    districts.find((d) => values(NAME_PROPERTIES).includes(d.name.zh))
  );
};

const shift = (area: Polygon | MultiPolygon): Polygon | MultiPolygon =>
  JSON.parse(JSON.stringify(area), (_, value: unknown) =>
    Array.isArray(value) && typeof value[0] === 'number'
      ? fromGcj02(value as unknown as Position)
      : value,
  ) as Polygon | MultiPolygon;

/**
 * A GeoJSON file's areas for the districts given, matched by GB/T 2260 code or Chinese name. `faults` name what matched
 * none. Throws Refusal('invalid') where the file is no collection of areas.
 */
export const readBoundaries = (
  text: string,
  districts: readonly District[],
  datum: 'wgs84' | 'gcj02',
): { boundaries: Boundary[]; faults: string[] } => {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Refusal('invalid', 'The file of boundaries is not JSON.');
  }
  if (!Value.Check(BoundaryFile, file)) {
    const fault = Value.Errors(BoundaryFile, file).at(-1);
    throw new Refusal(
      'invalid',
      `The file of boundaries is no GeoJSON collection of areas: ${fault?.instancePath || '/'} ${fault?.message ?? ''}.`,
    );
  }
  const boundaries = new Map<string, Boundary>();
  const faults: string[] = [];
  file.features.forEach(({ properties, geometry }, i) => {
    const code = districtOf(properties ?? {}, districts)?.code;
    if (!code) faults.push(`Feature ${i} is none of the city's districts by code or name.`);
    else if (boundaries.has(code)) faults.push(`Feature ${i} is ${code} a second time.`);
    else boundaries.set(code, { code, area: datum === 'gcj02' ? shift(geometry) : geometry });
  });
  return { boundaries: [...boundaries.values()], faults };
};

/** Replaces all boundaries by these, in one transaction. A crossing outline is repaired, as PostGIS sees it. */
export const replaceBoundaries = (
  kernel: Pick<Kernel<RegistersTables>, 'transact'>,
  boundaries: readonly Boundary[],
  { source, clock }: { source: string; clock: Clock },
): Promise<void> =>
  kernel.transact(async ({ sql }) => {
    await sql.query('delete from registers.boundaries');
    for (const { code, area } of boundaries)
      await sql.query(
        `insert into registers.boundaries (code, area, source, imported_at)
         values ($1, ST_Multi(ST_CollectionExtract(ST_MakeValid(ST_Force2D(ST_SetSRID(ST_GeomFromGeoJSON($2), 4326))), 3)), $3, $4)`,
        [code, JSON.stringify(area), source, toInstant(clock.now())],
      );
  });

/** Code of the district an imported boundary puts a position in; `any` tells whether there are boundaries at all. */
export const findBoundary = async (
  database: Database,
  [longitude, latitude]: Position,
): Promise<{ any: boolean; code?: string }> => {
  const [row] = await database.query<{ any: boolean; code: string | null }>(
    `select exists (select 1 from registers.boundaries) as any,
            (select code from registers.boundaries
              where ST_Covers(area, ST_SetSRID(ST_MakePoint($1, $2), 4326)) order by code limit 1) as code`,
    [longitude, latitude],
    'registers_find_boundary',
  );
  return { any: row?.any ?? false, ...(row?.code && { code: row.code }) };
};

export type StoredBoundary = {
  code: string;
  area: MultiPolygon;
  source: string;
  importedAt: string;
};

export const listBoundaries = async (database: Database): Promise<StoredBoundary[]> => {
  const rows = await database.query<{ code: string; area: string; source: string; at: Date }>(
    'select code, ST_AsGeoJSON(area, 6) as area, source, imported_at as at from registers.boundaries order by code',
  );
  return rows.map(({ code, area, source, at }) => ({
    code,
    area: JSON.parse(area) as MultiPolygon,
    source,
    importedAt: toInstant(at),
  }));
};
