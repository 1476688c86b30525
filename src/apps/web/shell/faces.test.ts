import { expect, test } from 'vitest';
import { faceAt, pageAt } from './faces.ts';

const page = (path: string, face: 'work' | 'resident') => ({
  path,
  face,
  title: { zh: '页', en: path },
  load: async () => () => null,
});
const pages = [
  page('/', 'resident'),
  page('/work/devices/$id', 'work'),
  page('/work/devices/new', 'work'),
];

test('a name in a path stands for one segment, and a plain path goes before it', () => {
  expect(pageAt(pages, '/work/devices/d-1')?.path).toBe('/work/devices/$id');
  expect(pageAt(pages, '/work/devices/new')?.path).toBe('/work/devices/new');
  expect(pageAt(pages, '/work/devices/d-1/history')).toBeUndefined();
  expect(pageAt(pages, '/')?.path).toBe('/');
});

test('an address without a page still belongs to a face by its first segment', () => {
  expect(faceAt(pages, '/work/nowhere')).toBe('work');
  expect(faceAt(pages, '/workers')).toBeUndefined();
});
