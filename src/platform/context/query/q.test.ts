import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '#kernel/errors';
import { linksOf, namesAttribute, parseQ } from './q.ts';

const expand = (short: string) => `https://example.org/${short}`;
const parse = (text: string) => parseQ(text, { expand });
const speed = { names: ['https://example.org/speed'] };
const isOver = (value: number) => ({ op: '>', than: { type: 'number', value } });

describe('q', () => {
  it('goes into linked entities where these can be looked at (examples 13 and 14)', () => {
    const query = parseQ('sensor{Device,Probe:room{humidity}}==40', { expand, links: true });
    expect(query).toEqual({
      kind: 'linked',
      name: expand('sensor'),
      types: [expand('Device'), expand('Probe')],
      query: {
        kind: 'linked',
        name: expand('room'),
        query: {
          kind: 'test',
          path: { names: [expand('humidity')] },
          test: { op: '==', anyOf: [{ type: 'number', value: 40 }] },
        },
      },
    });
    expect(linksOf(query)).toBe(2);
    expect(() => parse('sensor{humidity}')).toThrow('Linked entities');
    for (const text of [
      'a{b',
      'a{}',
      'a{b}}',
      'a{T:}',
      '!a{b}',
      'a{b==1}',
      `${'a{'.repeat(11)}b${'}'.repeat(11)}`,
    ])
      expect(() => parseQ(text, { expand, links: true }), text).toThrow(Refusal);
  });

  it('binds ; closer than | and parentheses closest (clause 4.9, examples 6 and 7)', () => {
    expect(parse('speed>1;speed>2|speed>3')).toEqual({
      kind: 'or',
      of: [
        {
          kind: 'and',
          of: [
            { kind: 'test', path: speed, test: isOver(1) },
            { kind: 'test', path: speed, test: isOver(2) },
          ],
        },
        { kind: 'test', path: speed, test: isOver(3) },
      ],
    });
    expect(parse('((speed>50|rpm>3000);brandName=="Mercedes")')).toMatchObject({
      kind: 'and',
      of: [{ kind: 'or' }, {}],
    });
  });

  it('reads paths into sub-attributes, members and JSON values (examples 8 to 10)', () => {
    expect(parse('temperature.observedAt>=2017-12-24T12:00:00Z')).toEqual({
      kind: 'test',
      path: { names: [expand('temperature')], member: 'observedAt' },
      test: { op: '>=', than: { type: 'dateTime', value: '2017-12-24T12:00:00.000000' } },
    });
    expect(parse('sensor.rawdata[airquality.particulate]==40')).toEqual({
      kind: 'test',
      path: { names: [expand('sensor'), expand('rawdata')], trail: ['airquality', 'particulate'] },
      test: { op: '==', anyOf: [{ type: 'number', value: 40 }] },
    });
    expect(parse('name[zh-CN]')).toEqual({
      kind: 'present',
      path: { names: [expand('name')], trail: ['zh-CN'] },
    });
    expect(parse('createdAt>2020-01-01T00:00:00Z')).toMatchObject({
      path: { system: 'createdAt' },
    });
  });

  it.each([
    [
      'a==10..20',
      [{ type: 'range', from: { type: 'number', value: 10 }, to: { type: 'number', value: 20 } }],
    ],
    [
      'a!= "black", "red"',
      [
        { type: 'string', value: 'black' },
        { type: 'string', value: 'red' },
      ],
    ],
    ['a==true', [{ type: 'boolean', value: true }]],
    ['a==urn:ngsi-ld:X:1', [{ type: 'string', value: 'urn:ngsi-ld:X:1' }]],
    ['a=="say \\"hi\\" \\u4e09"', [{ type: 'string', value: 'say "hi" 三' }]],
    ['a==2017-12-24', [{ type: 'date', value: '2017-12-24' }]],
    ['a==12:30:00,5Z', [{ type: 'time', value: '12:30:00.500000' }]],
    ['a==12:30:00.5Z', [{ type: 'time', value: '12:30:00.500000' }]],
  ])('%s has its values', (text, anyOf) => {
    expect(parse(text)).toMatchObject({ test: { anyOf } });
  });

  it('expands values that are terms of the context (example 12)', () => {
    expect(parseQ('gender==Male', { expand, expandValues: new Set(['gender']) })).toMatchObject({
      test: { anyOf: [{ type: 'string', value: 'https://example.org/Male' }] },
    });
  });

  it('reads a regular expression to its own end', () => {
    expect(parse('a~=^(x|y);b')).toMatchObject({
      kind: 'and',
      of: [{ test: { op: '~=' } }, { kind: 'present' }],
    });
    expect(parse('(a!~="x|y;"|b)')).toMatchObject({
      kind: 'or',
      of: [{ test: { op: '!~=' } }, {}],
    });
  });

  it.each([
    ['', 'wants an attribute name'],
    ['a==', 'wants a value'],
    ['a==1;', 'wants an attribute name'],
    ['(a==1', 'leaves a parenthesis open'],
    ['a==1)', 'unexpected'],
    ['a=1', 'unexpected'],
    ['a=="x', 'leaves a quotation open'],
    ['a=="\\x"', 'none of JSON'],
    ['a[b', 'leaves a bracket open'],
    ['a[]==1', 'empty name'],
    ['a>true', 'no order'],
    ['a>1..2', 'no order'],
    ['a==1.."b"', 'range'],
    ['a==1..12:00:00Z', 'unlike'],
    ['a~=(', 'regular expression'],
    ['a==2017-02-30', 'exists'],
    ['a==5,2017-02-20', 'times and other'],
    ['a=="\\u0000"', 'Unicode'],
    ['id=="urn:x"', 'parameter of its own'],
    [`${'('.repeat(40)}a${')'.repeat(40)}`, 'nests deeper'],
    [Array.from({ length: 200 }, () => 'a').join(';'), 'more than 100 terms'],
    ['a'.repeat(5_000), 'longer than'],
  ])('%s is refused', (text, why) => {
    expect(() => parse(text)).toThrow(Refusal);
    expect(() => parse(text)).toThrow(why);
  });

  it('says that linked entities are not there yet', () => {
    expect(() => parse('sensor{humidity}==40')).toThrow(
      expect.objectContaining({ kind: 'not-implemented' }),
    );
  });

  it('knows whether it names an attribute', () => {
    expect(namesAttribute(parse('createdAt>2020-01-01T00:00:00Z'))).toBe(false);
    expect(namesAttribute(parse('createdAt>2020-01-01T00:00:00Z;a'))).toBe(true);
  });

  it('is refused or taken in no time, whatever it is made of', () => {
    const part = fc.constantFrom(
      'a',
      'b.c',
      '[x]',
      '==',
      '!=',
      '>=',
      '~=',
      '!',
      '"x"',
      '1',
      '..',
      ',',
      ';',
      '|',
      '(',
      ')',
      '\\',
      '{',
      '2017-01-01T00:00:00Z',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { maxLength: 60 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (q) => {
        const before = performance.now();
        try {
          parse(q);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
        expect(performance.now() - before).toBeLessThan(200);
      }),
      { numRuns: 2_000 },
    );
  });
});
