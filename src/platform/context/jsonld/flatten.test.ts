import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Refusal } from '#kernel/errors';
import { compileNames, iriOf } from './compile.ts';
import { flatten } from './flatten.ts';

const word = fc.constantFrom(
  'a',
  'b',
  'a:b',
  'b:a',
  'a:',
  ':',
  '',
  '//',
  'ex:',
  'urn:x',
  'http://ningbo.example/',
  'constructor',
  '__proto__',
  '@id',
  '@type',
  '@vocab',
  '@context',
  '@base',
  '@import',
  '@prefix',
  '@none',
  '@container',
);
const { context } = fc.letrec((tie) => ({
  context: fc.oneof(
    { maxDepth: 5 },
    word,
    fc.constantFrom(null, true, 1),
    fc.array(tie('context'), { maxLength: 4 }),
    fc.dictionary(word, tie('context'), { maxKeys: 5 }),
  ),
}));

test('whatever stands under @context is names or a refusal, and names lead there and back', async () => {
  const load = async (url: string) => ({ context: { b: 'a:b' }, base: url, id: url, until: 0 });
  await fc.assert(
    fc.asyncProperty(context, word, async (given, name) => {
      try {
        const { parts } = await flatten(given, load);
        const names = compileNames(parts, given);
        const kept = names.expand(name);
        if (/^https?:\/\/\w/.test(iriOf(kept)) && !name.startsWith(':'))
          expect(names.expand(names.compact(kept))).toBe(kept);
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
      }
    }),
    { numRuns: 3000 },
  );
});

test('a term that leans on twenty thousand others is refused, not followed', () => {
  const chain = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, n) => [`t${n}`, `t${n + 1}:x`]),
  );
  expect(() => compileNames([chain], undefined)).toThrow(/by too many others/);
});
