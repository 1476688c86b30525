import { expect, test } from 'vitest';
import type { EntityChanged } from '../contract.ts';
import { entityOfChange } from './changes.ts';
import type { Kept } from './full-names.ts';
import { isWatched, toWatch, type Watch } from './watch.ts';
import { openWatchIndex } from './watch-index.ts';

const BEGIN = '2026-01-01T00:00:00.000Z';
const watch = (id: string, more: Partial<Kept>, tenant = '') =>
  toWatch(
    {
      type: 'Subscription',
      notification: { endpoint: { uri: 'https://example.org/' } },
      ...more,
    } as Kept,
    { tenant, id, createdAt: BEGIN },
  );
const indexOf = (watches: readonly Watch[]) => {
  const index = openWatchIndex();
  for (const one of watches) index.add(one);
  return index;
};
const change = (id: string, types: string[], changed: string[]): EntityChanged => ({
  id,
  types,
  op: 'create',
  changed,
  attributes: Object.fromEntries(changed.map((name) => [name, [{ type: 'Property', value: 1 }]])),
  at: '2026-01-02T00:00:00.000Z',
});

test('of 10,000 subscriptions a change meets those few that may concern it', () => {
  const many = Array.from({ length: 10_000 }, (_, n) =>
    watch(
      `urn:x:${n}`,
      n % 2
        ? { entities: [{ type: `urn:t:${n % 100}`, id: `urn:e:${n}` }] }
        : { entities: [{ type: `urn:t:${n % 100}` }], watchedAttributes: [`urn:a:${n}`] },
    ),
  );
  const index = indexOf(many);
  const about = (one: EntityChanged) => index.about('', one).map(({ id }) => id);
  expect(about(change('urn:e:7', ['urn:t:7'], ['urn:a:1']))).toEqual(['urn:x:7']);
  expect(about(change('urn:e:none', ['urn:t:8'], ['urn:a:8', 'urn:a:10']))).toEqual(['urn:x:8']);
  expect(about(change('urn:e:none', ['urn:t:8'], []))).toEqual([]);
  index.remove(many[7]!);
  expect(about(change('urn:e:7', ['urn:t:7'], ['urn:a:1']))).toEqual([]);
  expect(index.count()).toBe(9_999);
});

test('whoever is to be told is among those that are looked at', () => {
  const [types, ids, names] = ['t', 'e', 'a'].map((kind) =>
    Array.from({ length: 4 }, (_, n) => `urn:${kind}:${n}`),
  ) as [string[], string[], string[]];
  let seed = 7;
  const below = (limit: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * limit);
  };
  const some = (list: readonly string[]) => list.filter(() => below(2) === 0);
  const one = (list: readonly string[]) => list[below(list.length)]!;
  const typeTexts = () => [
    one(types),
    `${one(types)}|${one(types)}`,
    '*',
    `(${types[0]};${types[1]})`,
  ];
  const selector = () => ({
    type: one(typeTexts()),
    ...(below(3) === 0 ? { id: one(ids) } : below(3) === 0 ? { idPattern: '^urn:e:[01]$' } : {}),
  });
  const watches = Array.from({ length: 2_000 }, (_, n) => {
    const watched = below(2) ? [one(names), one(names)] : undefined;
    const entities =
      !watched || below(2) ? Array.from({ length: 1 + below(2) }, selector) : undefined;
    return watch(
      `urn:x:${n}`,
      {
        ...(entities ? { entities } : {}),
        ...(watched ? { watchedAttributes: watched } : {}),
      },
      below(2) ? 'county' : '',
    );
  });
  const filed = indexOf(watches);
  let told = 0;
  for (let n = 0; n < 500; n++) {
    const changed = change(one(ids), [one(types), ...some(types)], some(names));
    const tenant = below(2) ? 'county' : '';
    const entity = entityOfChange(changed);
    const should = watches.filter((w) => w.tenant === tenant && isWatched(w, changed, entity));
    const looked = filed.about(tenant, changed);
    expect(new Set(looked).size).toBe(looked.length);
    expect(should.filter((w) => !looked.includes(w))).toEqual([]);
    told += should.length;
  }
  expect(told).toBeGreaterThan(10_000);
});
