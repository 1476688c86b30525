import { Ajv, type ErrorObject, type Options } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { Refusal } from '#kernel/errors';
import { parsePattern } from '../query/pattern.ts';

/** Smart Data Models' largest schemas have some 60 kilobytes. */
const SCHEMA_BYTES_MAX = 256 * 1024;
const PARTS_MAX = 20;
const LEVELS_MAX = 40;

type Json = Readonly<Record<string, unknown>>;
/** The first fault of a document, as a sentence, or nothing. */
export type Validate = (document: unknown) => string | undefined;

/** Patterns are matched in time proportional to the text, whoever wrote them. */
const regExp = Object.assign((pattern: string) => parsePattern(pattern), {
  code: 'new RegExp',
});

const OPTIONS: Options = { strict: false, allowUnionTypes: true, code: { regExp } };

const isObject = (json: unknown): json is Json =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

const checkDepth = (json: unknown, level = 0): void => {
  if (level > LEVELS_MAX) throw new Refusal('invalid', 'The schema is nested too deeply.');
  if (typeof json === 'object' && json !== null)
    for (const part of Object.values(json)) checkDepth(part, level + 1);
};

/** Without what names the dialect: published models name ones that are nowhere to be found. */
const bare = (schema: Json): Json => {
  const { $schema: _dialect, ...rest } = schema;
  return rest;
};

const sentenceOf = ({ instancePath, message, params }: ErrorObject): string => {
  const missing = (params as { missingProperty?: string }).missingProperty;
  const extra = (params as { additionalProperty?: string }).additionalProperty;
  const member = [
    ...instancePath.split('/').slice(1),
    ...((missing ?? extra) ? [missing ?? extra] : []),
  ];
  const allowed = (params as { allowedValues?: unknown[] }).allowedValues;
  const what = missing
    ? 'is missing'
    : extra
      ? 'is not in the model'
      : `${message}${allowed ? `: ${JSON.stringify(allowed).slice(0, 200)}` : ''}`;
  return `${member.join('.') || 'The entity'} ${what}`;
};

/**
 * A JSON Schema (draft-07, or 2020-12 where it says so) as a function. What it refers to must be among its parts: nothing is
 * fetched. Throws Refusal('invalid'), or 'too-large'.
 */
export const compileModel = (schema: unknown, parts: unknown): Validate => {
  if (!isObject(schema)) throw new Refusal('invalid', 'schema is a JSON Schema, an object.');
  if (!isObject(parts) || !Object.values(parts).every(isObject))
    throw new Refusal('invalid', 'parts holds schemas by their addresses.');
  if (Object.keys(parts).length > PARTS_MAX)
    throw new Refusal('too-large', `A schema refers to at most ${PARTS_MAX} others.`);
  if (Buffer.byteLength(JSON.stringify([schema, parts])) > SCHEMA_BYTES_MAX)
    throw new Refusal('too-large', `A schema has at most ${SCHEMA_BYTES_MAX} bytes.`);
  checkDepth([schema, parts]);
  const isNew = String(schema['$schema'] ?? '').includes('2020-12');
  const ajv = isNew ? new Ajv2020(OPTIONS) : new Ajv(OPTIONS);
  formats.default(ajv);
  try {
    for (const [address, part] of Object.entries(parts)) {
      const { $id: _id, ...rest } = bare(part as Json);
      ajv.addSchema(rest, address);
    }
    const validate = ajv.compile(bare(schema));
    return (document) => {
      if (validate(document) === true) return undefined;
      const [first] = validate.errors ?? [];
      return first ? sentenceOf(first) : 'The entity is not as its model says';
    };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('invalid', `The schema cannot be used: ${(error as Error).message}.`);
  }
};
