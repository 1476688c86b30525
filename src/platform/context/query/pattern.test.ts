import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '#kernel/errors';
import { parsePattern } from './pattern.ts';

const matches = (pattern: string, text: string) => parsePattern(pattern).test(text);

describe('a regular expression', () => {
  it.each([
    ['a', 'cat', true],
    ['^a', 'cat', false],
    ['^cat$', 'cat', true],
    ['^c.t$', 'c\nt', false],
    ['[^x]', '\n', false],
    ['^(ab|c)*d{2,3}$', 'ababcdd', true],
    ['^d{2,3}$', 'dddd', false],
    ['^d{2}$', 'dd', true],
    ['^d{2,}$', 'dddd', true],
    ['^[a-c]+[[:digit:]]?$', 'abc1', true],
    ['^[]a]+$', ']a]', true],
    ['^[^]a]+$', 'xyz', true],
    ['^[a-]+$', 'a-', true],
    ['\\d+\\.\\d', 'v1.5', true],
    ['^\\w$', '甬', false],
    ['^三江.$', '三江口', true],
    ['(a|)b', 'b', true],
  ])('%s in %j: %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it.each([
    '',
    '*',
    '(',
    ')',
    'a)',
    '(a',
    'a**',
    'a+?',
    '^*',
    '\\1',
    '(?=a)',
    '[b-a]',
    '[[:none:]]',
    'a{2,1}',
    'a{101}',
    'a{',
  ])('%j is refused', (pattern) => expect(() => parsePattern(pattern)).toThrow(Refusal));

  it('that makes others backtrack takes no time', () => {
    const before = performance.now();
    expect(matches('^(a+)+$', `${'a'.repeat(5_000)}b`)).toBe(false);
    expect(matches('(.*)*(.*)*(.*)*=', 'a'.repeat(5_000))).toBe(false);
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(() => parsePattern('((a{100}){100}){100}')).toThrow('repeats too much');
  });

  it('reads the same as that of the language where both have it', () => {
    const part = fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      '(a|b)',
      '(ab)*',
      'a+',
      'b?',
      '^',
      '$',
      '(a|)',
      'c{1,2}',
    );
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 6 }),
        fc.stringMatching(/^[abc\n]{0,6}$/),
        (parts, text) => {
          const pattern = parts.join('');
          const theirs = new RegExp(pattern.replaceAll('[^a]', '[^a\n]'), 'u');
          expect(matches(pattern, text)).toBe(theirs.test(text));
        },
      ),
    );
  });

  it('is refused or taken, whatever it is made of', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[ab(){}[\]|*+?.^$\\0-9,:-]{0,30}$/)),
        (source) => {
          try {
            parsePattern(source).test('aab');
          } catch (error) {
            expect(error).toBeInstanceOf(Refusal);
          }
        },
      ),
    );
  });
});
