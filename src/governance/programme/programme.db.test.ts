import { afterAll, beforeAll, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import { defineModule, port } from '#kernel/module';
import registers from '../../platform/registers/module.ts';
import { openTestHouse } from '../../../test/house.ts';
import programme from './module.ts';

const claiming = (id: string, plan: Record<string, 'part' | 'works'>) =>
  defineModule({
    provides: port<unknown>()(id),
    title: { zh: '试', en: 'A trial' },
    uses: [],
    plan,
    actions: {},
    events: {},
    setup: () => ({ api: {} }),
  });

let house: House;
beforeAll(async () => {
  const buses = claiming('buses', { 'S7.6': 'works' });
  house = await openTestHouse({
    modules: [registers, programme, buses],
    at: '2026-08-01T08:00:00+08:00',
  });
});
afterAll(() => house[Symbol.asyncDispose]());

test('the plan shows k of n for each system, who claims a row and who answers for it', async () => {
  const { groups } = (await house.app.inject('/api/programme/plan')).json();
  const transport = groups.find((g: { id: string }) => g.id === 'S7');
  expect(transport).toMatchObject({ works: 1, of: 10, state: 'part', system: 'transport' });
  const buses = transport.rows.find((r: { id: string }) => r.id === 'S7.6');
  expect(buses).toMatchObject({ state: 'works', modules: ['buses'] });
  expect(buses.bodies.map((b: { id: string }) => b.id)).toContain('operator-metro');
  expect(groups.filter((g: { system?: string }) => g.system)).toHaveLength(10);
});

test('no target has a figure without a source', async () => {
  const { items } = (await house.app.inject('/api/programme/targets')).json();
  expect(items).toHaveLength(28);
  expect(items[4]).toMatchObject({
    id: 'T-5',
    due: '2015',
    standing: 'no-source',
    target: { comparator: 'gt', value: 142e9, unit: 'CNY', growthPercentPerYear: 17 },
  });
  expect(items[27].target).toEqual({
    comparator: 'statement',
    statement: { zh: '形成', en: 'Formed' },
  });
});

test('a module that claims what the plan has not stops the house at start', async () => {
  const wrong = claiming('wrong', { 'S7.99': 'part' });
  await expect(openTestHouse({ modules: [registers, programme, wrong] })).rejects.toThrow(
    'The plan has no such clause: wrong claims S7.99.',
  );
});
