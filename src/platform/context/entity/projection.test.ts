import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '#kernel/errors';
import { coreNames } from '../jsonld/compile.ts';
import { depthOf, projectionOf } from './projection.ts';

const of = (parameters: Parameters<typeof projectionOf>[0]) => projectionOf(parameters, coreNames);

describe('a projection', () => {
  it('picks and omits members and attributes (clause 4.21, examples 1 and 2)', () => {
    expect(of({})).toEqual({});
    expect(of({ pick: 'id,temperature|humidity' })).toEqual({
      only: new Set([':temperature', ':humidity']),
      hidden: new Set(['type', 'scope']),
    });
    expect(of({ omit: 'type, humidity' })).toEqual({
      without: new Set([':humidity']),
      hidden: new Set(['type']),
    });
    expect(of({ attrs: 'temperature' })).toEqual({ only: new Set([':temperature']) });
  });

  it('goes into linked entities (example 3), as deep as its braces', () => {
    const both = of({
      pick: 'id,observation{temperature,place{id}}',
      omit: 'observation{humidity}',
    });
    expect(both.only).toEqual(new Set([':observation']));
    expect(both.without).toBeUndefined();
    expect(both.links?.get(':observation')).toMatchObject({
      only: new Set([':temperature', ':place']),
      without: new Set([':humidity']),
    });
    expect(depthOf(both)).toBe(2);
  });

  it.each([
    '',
    'a,',
    ',a',
    'a,,b',
    'a||b',
    'a{',
    'a{}',
    'a{b',
    'a{{b}',
    'a}b',
    'a;b',
    'a,a',
    `${'a{'.repeat(12)}b${'}'.repeat(12)}`,
  ])('%j is none', (pick) => {
    expect(() => of({ pick })).toThrow(Refusal);
    expect(() => of({ omit: pick })).toThrow(Refusal);
  });

  it('does not pick and omit the same, nor mix with attrs', () => {
    for (const parameters of [
      { pick: 'a', omit: 'a' },
      { pick: 'a', attrs: 'a' },
      { omit: 'a', attrs: 'b' },
    ])
      expect(() => of(parameters)).toThrow(Refusal);
  });

  it('is refused by a sentence, whatever stands there', () => {
    const letters = fc.constantFrom('a', 'id', '{', '}', ',', '|', ' ', ';', '\u0000', '海');
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 40 }), (parts) => {
        try {
          expect(depthOf(of({ pick: parts.join('') }))).toBeLessThanOrEqual(10);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
