import type { Bilingual, FormSchema, FormValue } from '#platform/ui/web';
import { en } from './words.en.ts';
import { zh } from './words.zh.ts';

type Key = keyof typeof zh & keyof typeof en;

const both = (key: Key): Bilingual => ({ zh: zh[key], en: en[key] });
const labelled = (label: Key, hint?: Key): FormSchema => ({
  'x-label': both(label),
  ...(hint ? { 'x-hint': both(hint) } : {}),
});
const choices = (keys: readonly Key[]): FormSchema => ({
  enum: keys,
  'x-choices': Object.fromEntries(keys.map((key) => [key, both(key)])),
});
const line = { type: 'string', format: 'line', maxLength: 600 } as const;
const list = { type: 'array', items: { type: 'string', maxLength: 600 }, maxItems: 100 } as const;

/** What a person is asked of a platform that is to be joined. */
export const SOURCE_FORM: FormSchema = {
  type: 'object',
  required: ['name', 'endpoint', 'mode'],
  properties: {
    name: { ...line, minLength: 1, ...labelled('fieldName', 'fieldNameHint') },
    endpoint: {
      ...line,
      minLength: 1,
      pattern: '^https?://',
      ...labelled('endpoint', 'fieldEndpointHint'),
    },
    mode: {
      type: 'string',
      default: 'inclusive',
      ...labelled('mode'),
      enum: ['inclusive', 'redirect', 'exclusive', 'auxiliary'],
      'x-choices': {
        inclusive: both('inclusiveHint'),
        redirect: both('redirectHint'),
        exclusive: both('exclusiveHint'),
        auxiliary: both('auxiliaryHint'),
      },
    },
    types: { ...list, ...labelled('fieldTypes', 'fieldTypesHint') },
    id: { ...line, ...labelled('fieldId', 'fieldIdHint') },
    idPattern: { ...line, ...labelled('fieldPattern', 'fieldPatternHint') },
    attributes: { ...list, ...labelled('fieldAttributes', 'fieldAttributesHint') },
    operations: {
      type: 'string',
      ...labelled('operations', 'fieldOperationsHint'),
      ...choices(['federationOps', 'associationOps', 'retrieveOps', 'updateOps', 'redirectionOps']),
    },
    tenant: { ...line, maxLength: 64, ...labelled('fieldTenant') },
    timeout: {
      type: 'integer',
      minimum: 1,
      maximum: 3_600_000,
      ...labelled('fieldTimeout'),
      'x-unit': 'ms',
    },
  },
};

const set = (members: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

/** What the form says as a registration (clause 5.2.9). */
export function registrationOf(value: FormValue): Record<string, unknown> {
  const { name, endpoint, mode, types, id, idPattern, attributes, operations, tenant, timeout } =
    value;
  const which = set({ id, idPattern });
  const named = (types as string[] | undefined)?.map((type) => ({ type, ...which }));
  const entities = named ?? (Object.keys(which).length > 0 ? [which] : undefined);
  // With neither things nor attributes it is about all that there is.
  const all = !entities && !attributes ? [{ idPattern: '.*' }] : entities;
  return {
    type: 'ContextSourceRegistration',
    registrationName: name,
    endpoint,
    mode,
    information: [set({ entities: all, propertyNames: attributes })],
    ...set({
      operations: operations === undefined ? undefined : [operations],
      tenant,
      management: timeout === undefined ? undefined : { timeout },
    }),
  };
}
