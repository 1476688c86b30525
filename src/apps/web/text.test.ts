import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pages, typeNames, webs } from './house.tsx';

const HAN = /\p{Script=Han}/u;
const root = join(import.meta.dirname, '../..');

/** Files of pages; texts live in files named for their language, names in name.ts. */
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /(^|\/)web\//.test(path) && /\.tsx?$/.test(path))
  .filter((path) => !/\.test\.tsx?$|(^|\/|\.)(zh|en|name|text|words)\.tsx?$/.test(path));

test('no page carries text of its own: it comes from the texts, in both languages', () => {
  expect(sources.length).toBeGreaterThan(40);
  const found = sources.filter((path) => HAN.test(readFileSync(join(root, path), 'utf8')));
  expect(found).toEqual([]);
});

test('every text exists in both languages, with the same values to fill in', () => {
  const words = webs.flatMap((web) => web.words ?? []);
  expect(words.length).toBeGreaterThan(0);
  for (const { namespace, zh, en } of words) {
    const base = (key: string) => key.replace(/_(one|other)$/, '');
    const keys = (texts: object) => [...new Set(Object.keys(texts).map(base))].sort();
    expect(keys(en), namespace).toEqual(keys(zh));
    for (const [key, text] of Object.entries(zh)) {
      const holes = (one: string) =>
        [...one.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
      expect(text, `${namespace}.${key}`).not.toBe('');
      expect(holes(en[key] ?? ''), `${namespace}.${key}`).toEqual(holes(text));
    }
  }
});

test('namespaces and paths are used once', () => {
  const namespaces = webs.flatMap((web) => (web.words ?? []).map(({ namespace }) => namespace));
  expect(new Set(namespaces).size).toBe(namespaces.length);
  expect(new Set(pages.map(({ path }) => path)).size).toBe(pages.length);
});

test('every page has a title in both languages', () => {
  for (const { path, title } of pages) {
    expect(title.zh, path).toMatch(HAN);
    expect(title.en, path).not.toMatch(HAN);
    expect(title.en, path).not.toBe('');
  }
});

test('every entity type that has a name has it in both languages', () => {
  for (const [type, { zh, en }] of Object.entries(typeNames)) {
    expect(zh, type).toMatch(HAN);
    expect(en, type).toMatch(/^[A-Z]/);
  }
});
