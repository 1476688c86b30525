import type { Bilingual, FormSchema } from '#platform/ui/web';
import type { Named, Names } from '../api.ts';
import { en } from './words.en.ts';
import { zh } from './words.zh.ts';

type Key = keyof typeof zh & keyof typeof en;

const both = (key: Key): Bilingual => ({ zh: zh[key], en: en[key] });
const labelled = (label: Key, hint?: Key): FormSchema => ({
  'x-label': both(label),
  ...(hint ? { 'x-hint': both(hint) } : {}),
  description: '', // the contract's own is in one language
  format: 'line', // one line, whatever its limit
});

/** Fields in the order in which a person fills them in, with what they are called. */
const FIELDS: Readonly<Record<string, FormSchema>> = {
  id: labelled('fieldId', 'fieldIdHint'),
  name: labelled('name'),
  class: labelled('fieldClass', 'fieldClassHint'),
  entityType: labelled('fieldEntityType', 'fieldEntityTypeHint'),
  entity: labelled('fieldEntity', 'fieldEntityHint'),
  owner: labelled('owner', 'fieldOwnerHint'),
  district: labelled('district'),
  system: labelled('fieldSystem', 'fieldSystemHint'),
  location: labelled('location'),
  expectedSeconds: labelled('fieldExpected', 'fieldExpectedHint'),
  mapping: labelled('mapping', 'fieldMappingHint'),
};
const INNER: Readonly<Record<string, FormSchema>> = {
  zh: labelled('fieldNameZh'),
  en: labelled('fieldNameEn'),
  lon: labelled('lon'),
  lat: labelled('lat'),
};

/** The contract's schema with labels, and with choices where the registers know them. */
export function formOf(contract: FormSchema, names: Names, mappings: Named): FormSchema {
  const given = contract.properties ?? {};
  const choices = { owner: names.bodies, district: names.districts, mapping: mappings };
  const fields = Object.entries(FIELDS).flatMap(([name, words]) => {
    const schema = given[name];
    if (!schema || (name === 'mapping' && mappings.length === 0)) return [];
    const items = choices[name as keyof typeof choices] ?? [];
    const chosen: FormSchema =
      items.length === 0
        ? {}
        : {
            enum: items.map(({ id }) => id),
            'x-choices': Object.fromEntries(items.map((one) => [one.id, one.name])),
          };
    return [[name, { ...schema, ...words, ...chosen, ...innerOf(schema) }] as const];
  });
  return { ...contract, properties: Object.fromEntries(fields) };
}

function innerOf({ properties }: FormSchema): FormSchema {
  if (!properties) return {};
  const fields = Object.entries(properties).map(([name, schema]) => [
    name,
    { ...schema, ...INNER[name] },
  ]);
  return { properties: Object.fromEntries(fields) as Record<string, FormSchema> };
}
