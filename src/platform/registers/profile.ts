import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Type, type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { Refusal } from '#kernel/errors';
import { CalendarRulesSchema, type CalendarYear, CalendarYearSchema } from './calendar-files.ts';
import { BodySchema, CitySchema, DistrictSchema } from './city.ts';
import { faultsAcross } from './coherence.ts';
import { DemonstrationSchema } from './demonstration.ts';
import { PlanSchema, TargetsSchema } from './programme-tables.ts';

const FILES = {
  city: ['city.json', CitySchema],
  districts: ['districts.json', Type.Array(DistrictSchema, { minItems: 1 })],
  bodies: ['bodies.json', Type.Array(BodySchema)],
  rules: ['calendar/rules.json', CalendarRulesSchema],
  plan: ['plan.json', PlanSchema],
  targets: ['targets.json', TargetsSchema],
  demonstration: ['demo/devices.json', DemonstrationSchema],
} as const;

type Files = { [K in keyof typeof FILES]: Static<(typeof FILES)[K][1]> };

/** Everything a city is, read from its folder and found coherent. */
export type CityProfile = Files & { readonly years: readonly CalendarYear[] };

/** A city is one folder of small files; a mistaken path must not read the disk empty. */
const YEARS_MAX = 200;
const FAULTS_SHOWN_MAX = 50;

const reasonOf = (error: unknown) =>
  error instanceof SyntaxError
    ? `is not JSON (${error.message})`
    : (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? 'is missing'
      : `cannot be read (${String((error as Error).message)})`;

/** One JSON file against its schema; every fault becomes a sentence with file and path. */
const read = <S extends TSchema>(
  folder: string,
  file: string,
  schema: S,
  faults: string[],
): Static<S> | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  } catch (error) {
    faults.push(`${file} ${reasonOf(error)}.`);
    return undefined;
  }
  if (Value.Check(schema, value)) return value as Static<S>;
  for (const e of Value.Errors(schema, value))
    if (e.keyword !== 'boolean') faults.push(`${file} at ${e.instancePath || '/'}: ${e.message}.`);
  return undefined;
};

const calendarYears = (folder: string, faults: string[]): CalendarYear[] => {
  let names: string[];
  try {
    names = readdirSync(join(folder, 'calendar')).filter((name) => /^\d{4}\.json$/.test(name));
  } catch (error) {
    faults.push(`calendar/ ${reasonOf(error)}.`);
    return [];
  }
  if (names.length > YEARS_MAX)
    faults.push(`calendar/ holds ${names.length} years; at most ${YEARS_MAX} are read.`);
  return names
    .slice(0, YEARS_MAX)
    .sort()
    .flatMap((name) => {
      const year = read(folder, `calendar/${name}`, CalendarYearSchema, faults);
      if (year && `${year.year}.json` !== name)
        faults.push(`calendar/${name} at /year: says ${year.year}.`);
      return year ? [year] : [];
    });
};

/**
 * Reads a city's folder (see `cities/ningbo/README.md` for its files) and checks every file against its schema and
 * against the others. Throws Refusal('invalid') with one sentence per fault, naming file and path.
 */
export const loadCity = (folder: string): CityProfile => {
  const faults: string[] = [];
  const files = Object.fromEntries(
    Object.entries(FILES).map(([key, [file, schema]]) => [
      key,
      read(folder, file, schema as TSchema, faults),
    ]),
  ) as Files;
  const profile = { ...files, years: calendarYears(folder, faults) };
  if (faults.length === 0) faults.push(...faultsAcross(profile));
  if (faults.length > 0)
    throw new Refusal(
      'invalid',
      `The city in ${folder} cannot be loaded: ${faults.slice(0, FAULTS_SHOWN_MAX).join(' ')}`,
      { folder, faults },
    );
  return profile;
};
