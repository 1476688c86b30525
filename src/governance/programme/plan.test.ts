import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadCity } from '#platform/registers';
import { faultsOfClaims, stateOfPlan } from './plan.ts';
import { renderPlan, widthOf, wrap } from './table.ts';

const { plan, targets } = loadCity('cities/ningbo');
const find = (groups: ReturnType<typeof stateOfPlan>, id: string) =>
  groups.find((group) => group.id === id)!;

test('a plan nobody has begun has nothing in every group', () => {
  for (const group of stateOfPlan(plan, targets, [])) {
    expect(group).toMatchObject({ state: 'nothing', works: 0 });
    expect(group.of).toBe(group.rows.length);
  }
});

test('a group works when all its rows do, and counts k of n until then', () => {
  const some = stateOfPlan(plan, targets, [
    { module: 'transport', plan: { 'S7.1': 'works', 'S7.2': 'part' } },
  ]);
  expect(find(some, 'S7')).toMatchObject({ state: 'part', works: 1, of: 10, system: 'transport' });
  const living = Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`S9.${n}`, 'works' as const]));
  const all = stateOfPlan(plan, targets, [{ module: 'living', plan: living }]);
  expect(find(all, 'S9')).toMatchObject({ state: 'works', works: 6, of: 6 });
});

test('two modules share a clause, and the one that works counts', () => {
  const groups = stateOfPlan(plan, targets, [
    { module: 'sensing', plan: { 'I20.3': 'part' } },
    { module: 'transport', plan: { 'I20.3': 'works' } },
  ]);
  expect(find(groups, 'I20').rows.find((row) => row.id === 'I20.3')).toMatchObject({
    state: 'works',
    modules: ['sensing', 'transport'],
  });
});

test('a claim of a clause that the plan has not is refused by name', () => {
  expect(() =>
    stateOfPlan(plan, targets, [{ module: 'transport', plan: { 'S7.99': 'part' } }]),
  ).toThrow('The plan has no such clause: transport claims S7.99.');
});

test('a clause works only with a test named after it', () => {
  const claims = [{ module: 'transport', plan: { 'S7.1': 'works', 'S7.2': 'part' } as const }];
  expect(
    faultsOfClaims(claims, ['S7.10 plates are read', 'XS7.1 is another', 'S7.1.2 too']),
  ).toEqual(['transport says S7.1 works, but no test is named after S7.1.']);
  expect(faultsOfClaims(claims, ['S7.1: departments exchange base data.'])).toEqual([]);
});

test('Chinese takes two columns a character and wraps anywhere, English between words', () => {
  expect(widthOf('宁波 a')).toBe(6);
  expect(wrap('智慧港口智慧口岸', 8)).toEqual(['智慧港口', '智慧口岸']);
  expect(wrap('smart port of entry', 11)).toEqual(['smart port', 'of entry']);
});

test('the printed table keeps to its columns in both languages', () => {
  const groups = stateOfPlan(plan, targets, [{ module: 'transport', plan: { 'S7.1': 'works' } }]);
  for (const language of ['zh', 'en'] as const) {
    const lines = renderPlan(groups, { language, columns: 80 }).split('\n');
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(80);
    for (const { id } of [...plan.rows, ...targets])
      expect(lines.filter((line) => line.trimStart().startsWith(`${id} `))).toHaveLength(1);
  }
});

const SOURCE = '../shared/design/plan.md';

/** Every id that a piece of the plan's text names: `S7.2`, `S5.1a–i`, `B15.1–4`. */
const idsIn = (text: string): string[] =>
  [...text.matchAll(/(?<![\w.])([PSBIRG]\d+(?:\.\d+)?)([a-z])?(?:–(\w))?(?![\w.]*\d)/gu)].flatMap(
    ([, stem = '', first, last]) => {
      if (!last) return [stem + (first ?? '')];
      if (first)
        return [...'abcdefghij'].filter((c) => c >= first && c <= last).map((c) => stem + c);
      const [head, from] = stem.split('.');
      return Array.from(
        { length: Number(last) - Number(from) + 1 },
        (_, i) => `${head}.${Number(from) + i}`,
      );
    },
  );

test.skipIf(!existsSync(SOURCE))('the clause table has every id of the plan and no other', () => {
  const text = readFileSync(SOURCE, 'utf8').split('## T —')[0]!;
  const wanted = text.split('\n').flatMap((line) => {
    const [, cell, rest = ''] = line.split('|').map((part) => part.trim());
    if (line.startsWith('P1')) return idsIn(line);
    if (cell === undefined || cell.startsWith('**') || !/^[SBIRG]\d/.test(cell)) return [];
    return [
      ...idsIn(cell),
      ...rest
        .split('·')
        .slice(1)
        .flatMap((piece) => idsIn(piece.trim().split(' ')[0]!)),
    ];
  });
  expect(wanted.length).toBeGreaterThan(100);
  expect(plan.rows.map((row) => row.id).sort()).toEqual([...new Set(wanted)].sort());
});

test.skipIf(!existsSync(SOURCE))('the targets are those of the plan, in number and value', () => {
  const rows = [...readFileSync(SOURCE, 'utf8').matchAll(/^\| (T-\d+) \| .*? \| (.*) \|$/gm)];
  expect(rows.map(([, id]) => id)).toEqual(targets.map((target) => target.id));
  for (const [, id, text = ''] of rows) {
    const { target } = targets.find((t) => t.id === id)!;
    if (target.comparator === 'statement') {
      expect(text, id).not.toMatch(/\d/);
      continue;
    }
    const figure = Number(/[\d ]*\d/.exec(text)![0].replaceAll(' ', ''));
    expect(target.value, id).toBe(figure * (text.includes('million') ? 1e6 : 1));
    const sign = text.startsWith('≥')
      ? 'gte'
      : text.startsWith('>')
        ? 'gt'
        : text.startsWith('about')
          ? 'approx'
          : 'eq';
    expect(target.comparator, id).toBe(sign);
  }
});
