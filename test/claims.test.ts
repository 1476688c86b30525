import { globSync, readFileSync } from 'node:fs';
import { parseSync, Visitor } from 'oxc-parser';
import { expect, test } from 'vitest';
import { faultsOfClaims } from '#governance/programme';
import { modules } from '../src/apps/house.ts';

const TEST_FILES = '{src,test,cities,scenarios}/**/*.{test,e2e}.ts';

type Call = { type: string; name?: string; object?: Call; callee?: Call; tag?: Call };
/** `test(…)`, `it.skipIf(…)(…)`, `test.each(…)(…)`: the function at the root of the chain. */
const rootOf = (at: Call | undefined): string | undefined =>
  at?.name ?? (at && rootOf(at.object ?? at.callee ?? at.tag));

/** The names of all tests in a file, as they are written; of a template, its fixed text. */
const namesIn = (file: string): string[] => {
  const text = readFileSync(file, 'utf8');
  const names: string[] = [];
  new Visitor({
    CallExpression: ({ callee, arguments: [first] }) => {
      if (!['test', 'it', 'describe'].includes(rootOf(callee as Call) ?? '')) return;
      if (first?.type === 'Literal' && typeof first.value === 'string') names.push(first.value);
      if (first?.type === 'TemplateLiteral')
        names.push(first.quasis.map((part) => part.value.raw).join(' '));
    },
  }).visit(parseSync(file, text).program);
  return names;
};

const names = globSync(TEST_FILES).flatMap(namesIn);

test('the names of the tests are found', () => {
  expect(names.length).toBeGreaterThan(200);
  expect(names).toContain('the names of the tests are found');
});

test('no module says that a clause works without a test named after it', () => {
  const claims = modules.map((m) => ({ module: m.provides.id, plan: m.plan }));
  expect(faultsOfClaims(claims, names)).toEqual([]);
});
