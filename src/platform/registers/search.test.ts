import { expect, test } from 'vitest';
import { rankOf, searchRegisters } from './search.ts';

const zone = { zh: '国家高新技术产业开发区', en: 'National High-tech Zone' };

test('Chinese is found anywhere in a name, English from the beginning of a word', () => {
  expect(rankOf(zone, '高新')).toBe(3);
  expect(rankOf(zone, 'high-tech z')).toBe(2);
  expect(rankOf(zone, 'tech')).toBe(2);
  expect(rankOf(zone, 'igh')).toBeUndefined();
  expect(rankOf(zone, '  ')).toBeUndefined();
});

test('the whole name comes before a beginning, a beginning before the rest, short before long', () => {
  const place = (zh: string, en = zh) => ({ code: zh, level: 'street' as const, name: { zh, en } });
  const places = ['东江口', '江口街道', '江口', '江口老街道'].map((zh) => place(zh));
  const found = searchRegisters({ places, bodies: [] }, '江口', 3).places.map((p) => p.name.zh);
  expect(found).toEqual(['江口', '江口街道', '江口老街道']);
});

test('full-width letters and capitals are the same letters', () => {
  expect(rankOf(zone, 'ＮＡＴＩＯＮＡＬ')).toBe(1);
});
