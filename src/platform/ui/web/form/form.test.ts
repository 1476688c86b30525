import { expect, test } from 'vitest';
import { choicesOf, startValue, withValue, type FormSchema } from './schema.ts';
import { validate } from './validate.ts';

const schema: FormSchema = {
  type: 'object',
  required: ['name', 'height', 'place'],
  properties: {
    name: { type: 'string', minLength: 2, maxLength: 4 },
    height: { type: 'number', minimum: 0, maximum: 100 },
    floors: { type: 'integer', default: 1 },
    kind: { anyOf: [{ const: 'pole' }, { const: 'roof' }] },
    since: { type: 'string', format: 'date' },
    tags: { type: 'array', items: { type: 'string', maxLength: 3 }, maxItems: 2 },
    place: {
      type: 'object',
      required: ['code'],
      properties: { code: { type: 'string', pattern: '^[0-9]{6}$' } },
    },
  },
};
const good = { name: '灵桥', height: 12.5, place: { code: '330203' } };

test('a right form has no errors', () => {
  expect(validate(schema, good)).toEqual([]);
});

test('each field that is missing or wrong is named, in the order of the form', () => {
  const errors = validate(schema, {
    height: 101,
    floors: 1.5,
    kind: 'cellar',
    since: '2026-02-30',
    tags: ['a', 'b', 'c'],
    place: { code: '33020' },
  });
  expect(errors).toEqual([
    { pointer: '/name', key: 'formRequired' },
    { pointer: '/height', key: 'formMax', limit: 100 },
    { pointer: '/floors', key: 'formNotInteger' },
    { pointer: '/kind', key: 'formEnum' },
    { pointer: '/since', key: 'formDate' },
    { pointer: '/tags', key: 'formMaxItems', limit: 2 },
    { pointer: '/place/code', key: 'formPattern' },
  ]);
});

test('a missing object that is required names the fields inside it', () => {
  expect(validate(schema, { name: '灵桥', height: 1 })).toEqual([
    { pointer: '/place/code', key: 'formRequired' },
  ]);
});

test('length counts characters: an emoji or a rare Han character is one', () => {
  expect(validate(schema, { ...good, name: '𠮷𠮷𠮷𠮷' })).toEqual([]);
  expect(validate(schema, { ...good, name: '𠮷' })[0]?.key).toBe('formMinLength');
});

test('defaults stand under what is known', () => {
  expect(startValue(schema)).toEqual({ floors: 1 });
  expect(startValue(schema, { floors: 3 })).toEqual({ floors: 3 });
});

test('an emptied field leaves the value, and an emptied object with it', () => {
  const filled = withValue({}, ['place', 'code'], '330203');
  expect(filled).toEqual({ place: { code: '330203' } });
  expect(withValue(filled, ['place', 'code'], '')).toEqual({});
});

test('choices are found in both ways of writing them', () => {
  expect(choicesOf({ enum: ['a', 'b'] })).toEqual(['a', 'b']);
  expect(choicesOf({ anyOf: [{ const: 'a' }, { const: 2 }] })).toEqual(['a', 2]);
  expect(choicesOf({ anyOf: [{ type: 'string' }, { type: 'number' }] })).toBeUndefined();
});
