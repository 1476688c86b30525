import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '#kernel/errors';
import { parseCollation } from './collation.ts';
import { ranksOf } from './order.ts';

const inOrder = (tag: string, ...texts: string[]) => texts.toSorted(parseCollation(tag).compare);

describe('a collation', () => {
  it('puts texts in the order of a language (clause 4.23.3, example 7)', () => {
    expect(inOrder('und', 'b', 'á', 'A')).toEqual(['A', 'á', 'b']);
    expect(inOrder('de-u-co-phonebk', 'Ad', 'Äb', 'Af')).toEqual(['Ad', 'Äb', 'Af']);
    expect(inOrder('de', 'Ad', 'Äb', 'Af')).toEqual(['Äb', 'Ad', 'Af']);
    expect(inOrder('zh-u-co-stroke', '二', '一', '三')).toEqual(['一', '二', '三']);
    expect(inOrder('en-u-kn', 'Line 10', 'Line 9')).toEqual(['Line 9', 'Line 10']);
  });

  it('tells apart as much as its strength says (RFC 6067)', () => {
    expect(parseCollation('en-u-ks-level1').compare('a', 'Á')).toBe(0);
    expect(parseCollation('en-u-ks-level2').compare('a', 'A')).toBe(0);
    expect(parseCollation('en-u-ks-identic').compare('a', 'A')).not.toBe(0);
    expect(JSON.parse(ranksOf(['b', 'A', 'a'], parseCollation('en-u-ks-level2')))).toEqual({
      a: 0,
      A: 0,
      b: 1,
    });
  });

  it.each(['!!nope', '', 'zz', 'de-u-co-pinyin', 'en-u-ks-level9'])('%j is none', (tag) => {
    expect(() => parseCollation(tag)).toThrow(Refusal);
  });

  it('is refused by a sentence, whatever stands there', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[a-z]{2,3}(-[a-z0-9]{1,8}){0,4}$/)),
        (tag) => {
          try {
            parseCollation(tag);
          } catch (error) {
            expect(error).toBeInstanceOf(Refusal);
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
