import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { defineModule, inOrder, type Module, port, type Port } from './index.ts';

const module = (id: string, uses: readonly Port[]): Module =>
  defineModule({
    provides: port<object>()(id),
    title: { zh: id, en: id },
    plan: {},
    uses,
    actions: {},
    events: {},
    setup: () => ({ api: {} }),
  });
const [a, b] = [port<object>()('a'), port<object>()('b')];

test('each stands after what it uses', () => {
  expect(
    inOrder([module('c', [a, b]), module('b', [a]), module('a', [])]).map((m) => m.provides.id),
  ).toEqual(['a', 'b', 'c']);
});

test('rings, doubles and missing modules are refused by name', () => {
  expect(() => inOrder([module('a', [b]), module('b', [a])])).toThrow(/a → b → a/);
  expect(() => inOrder([module('a', [b])])).toThrow(/a uses b, which is not in the house/);
  expect(() => inOrder([module('a', []), module('a', [])])).toThrow(/Two modules are called a/);
});

// Each line below must stay an error: the type check fails when one of them begins to compile.
const Done = Type.Object({ n: Type.Number() });
const other = port<{ count: () => number }>()('other');
void defineModule({
  provides: port<object>()('x'),
  title: { zh: 'x', en: 'x' },
  plan: {},
  uses: [other],
  actions: {},
  events: { 'x.done': Done },
  setup: (kernel, apis) => {
    apis.other.count();
    // @ts-expect-error a module that is not in `uses`
    void apis.transport;
    void kernel.transact(async ({ emit }) => {
      emit('x.done', 'key', { n: 1 });
      // @ts-expect-error a payload of another shape
      emit('x.done', 'key', { n: 'one' });
      // @ts-expect-error an event the manifest does not name
      emit('x.undone', 'key', { n: 1 });
    });
    return { api: {} };
  },
});
