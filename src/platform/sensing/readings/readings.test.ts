import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '#kernel/errors';
import { compileMapping } from './mapped.ts';
import { AGE_MS_MAX, FUTURE_MS_MAX, readObservedAt } from './observed-at.ts';
import { parsePath, valueAt } from './path.ts';
import { parsePayload, PAYLOAD_BYTES_MAX } from './payload.ts';
import { translatePlain } from './plain.ts';
import { readPoint } from './point.ts';
import { type Sending, type Source, toReading } from './reading.ts';

const NOW = Date.parse('2026-03-01T08:00:00Z');
const MOMENT = { receivedAt: NOW, anyAge: false };
const bytes = (text: string) => new TextEncoder().encode(text);
const source: Source = {
  id: 'g-1',
  entity: 'urn:ngsi-ld:Device:g-1',
  types: ['t:Device'],
  translate: translatePlain,
};
const nameOf = (short: string) => `n:${short}`;
const read = (payload: unknown, sending?: Sending) =>
  toReading(source, payload, { receivedAt: NOW, ...(sending ? { sending } : {}) }, nameOf);
const refusal = (work: () => unknown): Refusal => {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('it was not refused');
};

describe('a path', () => {
  // Singular queries of RFC 9535, table 3 and clause 2.7.
  const document = { o: { 'j j': { k: 3 } }, a: ['x', 'y'], "'": 1 };
  test.each([
    ['$.o', document.o],
    ["$.o['j j'].k", 3],
    ['$["o"]["j j"]', { k: 3 }],
    ['$.a[1]', 'y'],
    ['$.a[-1]', 'y'],
    ['a[0]', 'x'],
    ["$['\\'']", 1],
    ['$.a[9]', undefined],
    ['$.a.length', undefined],
    ['$.o.toString', undefined],
  ])('%s finds its value', (path, value) => {
    expect(valueAt(document, parsePath(path))).toEqual(value);
  });
  test.each([
    '',
    '$',
    '$..a',
    '$.a[*]',
    '$.a[01]',
    '$.',
    '$.a b',
    '$[?@.b]',
    `$${'.a'.repeat(21)}`,
  ])('%j is refused', (path) => {
    expect(refusal(() => parsePath(path)).kind).toBe('invalid');
  });
});

describe('a time', () => {
  test('is an ISO instant, or seconds or milliseconds since 1970', () => {
    for (const given of ['2026-03-01T08:00:00Z', '2026-03-01T16:00:00+08:00', NOW, NOW / 1000])
      expect(readObservedAt(given, 'any', NOW, false)).toBe(NOW);
    expect(readObservedAt(NOW / 1000, 's', NOW, false)).toBe(NOW);
  });
  test('may run ahead a little and lag a lot, within limits', () => {
    expect(readObservedAt(NOW + FUTURE_MS_MAX, 'ms', NOW, false)).toBe(NOW + FUTURE_MS_MAX);
    expect(
      refusal(() => readObservedAt(NOW + FUTURE_MS_MAX + 1, 'ms', NOW, false)).message,
    ).toMatch(/future/);
    expect(readObservedAt(NOW - AGE_MS_MAX, 'ms', NOW, false)).toBe(NOW - AGE_MS_MAX);
    expect(refusal(() => readObservedAt(0, 'ms', NOW, false)).message).toMatch(/days old/);
    expect(readObservedAt(0, 'ms', NOW, true)).toBe(0);
  });
  test.each(['yesterday', '2026-03-01', '2026-02-30T00:00:00Z', '', true, {}, Number.NaN, 1e300])(
    'is not %j',
    (given) => {
      expect(refusal(() => readObservedAt(given, 'any', NOW, true)).facts).toEqual({
        member: 'observedAt',
      });
    },
  );
});

describe('a place', () => {
  test.each([
    [[121.5, 29.8]],
    [{ lon: 121.5, lat: 29.8 }],
    [{ lat: 29.8, lng: 121.5 }],
    [{ latitude: 29.8, longitude: 121.5 }],
    [{ type: 'Point', coordinates: [121.5, 29.8] }],
  ])('%j is read', (given) => {
    expect(readPoint(given, 'location')).toEqual({ type: 'Point', coordinates: [121.5, 29.8] });
  });
  test.each([
    [[29.8, 121.5]],
    [[1]],
    [['1', '2']],
    [[1, 2, 3, 4]],
    ['1,2'],
    [null],
    [{ lon: 1 }],
    [{ type: 'LineString', coordinates: [[1, 2]] }],
  ])('%j is refused', (given) => {
    expect(refusal(() => readPoint(given, 'location')).facts).toEqual({ member: 'location' });
  });
});

describe('a plain reading', () => {
  test('becomes attributes with the time of observation', () => {
    const { operation, late } = read({
      temperature: 21.5,
      level: { value: 3, unitCode: 'MTR' },
      酸碱度: 7,
      open: false,
      gone: null,
      location: [121.5, 29.8],
      id: 'x',
      observedAt: '2026-03-01T07:59:59Z',
    });
    const observedAt = '2026-03-01T07:59:59.000Z';
    expect(late).toBe(false);
    expect(operation).toMatchObject({
      kind: 'merge',
      orCreate: true,
      entity: {
        id: 'urn:ngsi-ld:Device:g-1',
        types: ['t:Device'],
        attributes: {
          'n:temperature': [{ type: 'Property', value: 21.5, observedAt }],
          'n:level': [{ type: 'Property', value: 3, unitCode: 'MTR', observedAt }],
          'n:酸碱度': [{ type: 'Property', value: 7, observedAt }],
          'n:open': [{ type: 'Property', value: false, observedAt }],
          'n:location': [
            {
              type: 'GeoProperty',
              value: { type: 'Point', coordinates: [121.5, 29.8] },
              observedAt,
            },
          ],
        },
      },
    });
    expect('entity' in operation && Object.keys(operation.entity.attributes)).toHaveLength(5);
  });
  test.each([
    ['a number', 1],
    ['null', null],
    ['nothing in it', {}],
    ['only nulls', { a: null }],
    ['an IRI for a name', { 'https://x/y': 1 }],
    ['a name with a dot', { 'a.b': 1 }],
    ['the name __proto__', JSON.parse('{"__proto__": {"a": 1}}')],
    ['an unknown unit', { a: { value: 1, unitCode: 'XX' } }],
    ['text with a unit', { a: { value: 'x', unitCode: 'CEL' } }],
    ['a number beyond any', JSON.parse('{"a": 1e999}')],
    ['a NUL', { a: 'x\u0000' }],
    ['half a character', { a: { b: ['\ud800'] } }],
    ['depth', { a: JSON.parse(`${'['.repeat(12)}${']'.repeat(12)}`) }],
    [
      'too many attributes',
      Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`a${i}`, 1])),
    ],
    ['a long text', { a: 'x'.repeat(5000) }],
  ])('with %s is refused', (_, payload) => {
    expect(refusal(() => read(payload)).kind).toBe('invalid');
  });
});

describe('a repetition is known by', () => {
  const sending = (packet: string, again: boolean): Sending => ({ sender: 'c', packet, again });
  const keyOf = (payload: unknown, how?: Sending) => {
    const { once, fresh } = read(payload, how).operation;
    return { once, fresh };
  };
  test('the number that the sender gave the message', () => {
    expect(keyOf({ a: 1, mid: 7 })).toEqual({ once: 'g-1/m/7', fresh: undefined });
    expect(keyOf({ a: 2, mid: '7' }).once).toBe('g-1/m/7');
  });
  test('the same content with the same time of its own', () => {
    const timed = { a: 1, observedAt: '2026-03-01T07:00:00Z' };
    expect(keyOf(timed)).toEqual(keyOf({ ...timed }));
    expect(keyOf(timed).fresh).toBeUndefined();
    expect(keyOf({ ...timed, a: 2 }).once).not.toBe(keyOf(timed).once);
  });
  test('packet number and content, if the packet says that it is sent again', () => {
    const first = keyOf({ a: 1 }, sending('5', false));
    const again = keyOf({ a: 1 }, sending('5', true));
    expect(first).toEqual({ once: again.once, fresh: true });
    expect(again.fresh).toBe(false);
    expect(keyOf({ a: 1 }, sending('6', true)).once).not.toBe(again.once);
    expect(keyOf({ a: 2 }, sending('5', true)).once).not.toBe(again.once);
  });
  test('nothing, where there is nothing to know it by', () => {
    expect(keyOf({ a: 1 })).toEqual({ once: undefined, fresh: undefined });
  });
});

describe('a mapping', () => {
  const temperature = {
    name: 'temperature',
    path: '$.t',
    type: 'number',
    unit: { from: 'FAH', to: 'CEL' },
  } as const;
  test('converts units and fills in defaults', () => {
    const translate = compileMapping({
      attributes: [
        temperature,
        { name: 'open', path: '$.s', type: 'boolean' },
        { name: 'mode', path: '$.m', type: 'text', default: 'auto' },
        { name: 'location', path: '$.p', type: 'geo' },
      ],
      observedAt: { path: '$.at', format: 'ms' },
      message: '$.seq',
    });
    expect(translate({ t: '32', s: 'on', p: [1, 2], at: NOW, seq: 9 }, MOMENT)).toEqual({
      attributes: [
        { name: 'temperature', type: 'Property', value: 0, unitCode: 'CEL' },
        { name: 'open', type: 'Property', value: true },
        { name: 'mode', type: 'Property', value: 'auto' },
        { name: 'location', type: 'GeoProperty', value: { type: 'Point', coordinates: [1, 2] } },
      ],
      observedAt: NOW,
      message: '9',
    });
  });
  test('refuses values of the wrong type, and what is required and absent', () => {
    const translate = compileMapping({ attributes: [{ ...temperature, required: true }] });
    for (const payload of [{}, { t: 'warm' }, { t: true }, { t: null }, { t: '' }])
      expect(refusal(() => translate(payload, MOMENT)).facts).toEqual({ member: 'temperature' });
  });
  test('that cannot work is refused when it is made', () => {
    const wrong = [
      [{ ...temperature, unit: { from: 'FAH', to: 'MTR' } }],
      [{ ...temperature, unit: { from: 'FAH', to: 'QQQ' } }],
      [{ ...temperature, type: 'text' as const }],
      [{ ...temperature, path: '$..t' }],
      [temperature, temperature],
    ];
    for (const attributes of wrong)
      expect(refusal(() => compileMapping({ attributes })).kind).toBe('invalid');
  });
});

describe('whatever the bytes', () => {
  test('a message is read or refused, and nothing else happens', () => {
    const take = (given: Uint8Array) => {
      for (const payload of parsePayload(given)) read(payload);
    };
    const survives = (given: Uint8Array) => {
      try {
        take(given);
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), survives));
    fc.assert(fc.property(fc.json({ maxDepth: 12 }), (text) => survives(bytes(text))));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => survives(bytes(`{"a":"${text}"}`))),
    );
  });
  test('too many of them are refused by their number', () => {
    expect(refusal(() => parsePayload(new Uint8Array(PAYLOAD_BYTES_MAX + 1))).kind).toBe(
      'too-large',
    );
  });
  test('a path is understood or refused', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          valueAt({ a: [1] }, parsePath(text));
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      }),
    );
  });
});

test('a message nested past walking is refused for good, not answered with a bug for ever', () => {
  const deep = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  expect(() => parsePayload(Buffer.from(deep(30_000)))).toThrow('at most 32 levels deep');
  expect(parsePayload(Buffer.from(deep(20)))).toHaveLength(1);
});
