import { type Static, Type } from 'typebox';
import { coreNames } from '../jsonld/compile.ts';
import { type Attributes, valueOf } from '../model.ts';
import { LOCATION } from '../store/rows.ts';

/** An entity as a map shows it: where, what, and a few facts that fit on a label. */
export const Feature = Type.Object({
  id: Type.String(),
  type: Type.Literal('Feature'),
  geometry: Type.Unknown(),
  properties: Type.Object({
    type: Type.String(),
    name: Type.Union([Type.String(), Type.Null()]),
    /** In English, where it has a name in several languages. */
    nameEn: Type.Union([Type.String(), Type.Null()]),
    /** Made by the simulator: shown as such wherever it is seen. */
    demo: Type.Boolean(),
    modifiedAt: Type.String(),
    /** Degrees from north, for things that move. */
    course: Type.Union([Type.Number(), Type.Null()]),
    /** Simple values by short name. */
    facts: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Boolean()])),
  }),
});
export type Feature = Static<typeof Feature>;

const FACTS_MAX = 8;
const FACT_CHARACTERS_MAX = 80;
const nameOf = (short: string) => coreNames.expand(short);
const [NAME, DEMO] = [nameOf('name'), nameOf('demo')];
const COURSES = ['courseOverGround', 'bearing', 'heading'].map(nameOf);

const first = (attributes: Attributes, name: string): unknown => {
  const [instance] = attributes[name] ?? [];
  return instance && valueOf(instance);
};

/** A name as a text: a Property's value, or the Chinese or any text of a language map. */
const nameIn = (attributes: Attributes): string | null => {
  const name = first(attributes, NAME);
  if (typeof name === 'string') return name;
  if (typeof name !== 'object' || name === null) return null;
  const map = name as Record<string, unknown>;
  const text = map['zh'] ?? map['zh-CN'] ?? map['@none'] ?? Object.values(map)[0];
  return typeof text === 'string' ? text : null;
};

const nameInEnglish = (attributes: Attributes): string | null => {
  const name = first(attributes, NAME);
  const text =
    typeof name === 'object' && name !== null ? (name as Record<string, unknown>)['en'] : null;
  return typeof text === 'string' ? text : null;
};

const isFact = (value: unknown): value is number | string | boolean =>
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'string' && value.length <= FACT_CHARACTERS_MAX);

export const toFeature = (entity: {
  id: string;
  types: readonly string[];
  attributes: Attributes;
  modifiedAt: string;
}): Feature => {
  const { attributes } = entity;
  const facts: Record<string, number | string | boolean> = {};
  for (const name of Object.keys(attributes)) {
    const value = first(attributes, name);
    if (name !== NAME && name !== DEMO && isFact(value)) facts[coreNames.compact(name)] = value;
    if (Object.keys(facts).length >= FACTS_MAX) break;
  }
  const course = COURSES.map((name) => first(attributes, name)).find((v) => typeof v === 'number');
  return {
    id: entity.id,
    type: 'Feature',
    geometry: first(attributes, LOCATION) ?? null,
    properties: {
      type: coreNames.compact(entity.types[0] ?? ''),
      name: nameIn(attributes),
      nameEn: nameInEnglish(attributes),
      demo: first(attributes, DEMO) === true,
      modifiedAt: entity.modifiedAt,
      course: typeof course === 'number' ? course : null,
      facts,
    },
  };
};
