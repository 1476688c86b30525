import { expect, test } from 'vitest';
import { readFeedList } from './poll.ts';

test('feeds are listed by name and address', () => {
  expect(readFeedList('')).toEqual([]);
  expect(readFeedList('bus=https://a.example/v.pb?key=1, metro=http://b.example/')).toEqual([
    { name: 'bus', url: 'https://a.example/v.pb?key=1' },
    { name: 'metro', url: 'http://b.example/' },
  ]);
});

test('a feed without a name, or with an address that is none, is refused', () => {
  for (const text of [
    'https://a.example',
    'Bus=https://a.example',
    'bus=file:///etc/passwd',
    'bus=x',
  ])
    expect(() => readFeedList(text)).toThrow('not name=https://');
});
