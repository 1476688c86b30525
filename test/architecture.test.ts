/**
 * The shape of the house, checked on every run: every import under src/ against the levels, the doors and each
 * module's own manifest.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { modules } from '../src/apps/house.ts';
import {
  floorOf,
  homeOf,
  imports,
  isDoor,
  isInside,
  LEVELS,
  said,
  sourceFiles,
} from './imports.ts';

const isApp = (path: string) => path.startsWith('src/apps/');
const LINES_MAX = 300;
const VAGUE = /(?:^|\/)(?:utils?|helpers?|common|services?|types|misc|shared)(?:\/|\.tsx?$)/;

test('the walk sees the code it judges', () => {
  expect(sourceFiles.length).toBeGreaterThan(100);
  expect(imports.length).toBeGreaterThan(300);
  expect(sourceFiles.filter((file) => floorOf(file) < 0)).toEqual([]);
});

test('nothing imports upwards', () => {
  expect(LEVELS[0]).toBe('kernel');
  expect(said(imports.filter((i) => isInside(i.to) && floorOf(i.from) < floorOf(i.to)))).toEqual(
    [],
  );
});

test('a door is #level/module or its pages, and nothing behind it', () => {
  expect(said(imports.filter((i) => i.door && !isDoor(i.spec)))).toEqual([]);
  expect(said(imports.filter((i) => i.door && !existsSync(i.to)))).toEqual([]);
});

test('a relative import stays inside its module', () => {
  const strays = imports.filter(
    (i) => isInside(i.to) && !i.door && homeOf(i.from) !== homeOf(i.to) && !isApp(i.from),
  );
  expect(said(strays)).toEqual([]);
});

test('apps reach into a module only for its manifest', () => {
  const strays = imports.filter(
    (i) =>
      isApp(i.from) &&
      isInside(i.to) &&
      !isApp(i.to) &&
      !i.door &&
      !/^src\/[^/]+\/[^/]+\/module\.ts$/.test(i.to),
  );
  expect(said(strays)).toEqual([]);
});

test('the server never imports a page', () => {
  const isPage = (path: string) => path.includes('/web/');
  expect(said(imports.filter((i) => isInside(i.to) && isPage(i.to) && !isPage(i.from)))).toEqual(
    [],
  );
  expect(sourceFiles.filter((file) => file.endsWith('.tsx') && !file.includes('/web/'))).toEqual(
    [],
  );
});

test('a page imports from its module only what a browser can load', () => {
  const heavy = imports.filter(
    (i) =>
      i.from.includes('/web/') &&
      isInside(i.to) &&
      !i.to.includes('/web/') &&
      !i.typeOnly &&
      !/\/contract\.ts$|\/catalogue\.ts$/.test(i.to),
  );
  expect(said(heavy)).toEqual([]);
});

test('each manifest names exactly the modules that its code enters', () => {
  for (const { provides, uses } of modules) {
    const homes = new Set(
      sourceFiles.filter((file) => file.split('/')[2] === provides.id && !isApp(file)).map(homeOf),
    );
    const entered = imports.filter(
      (i) =>
        i.door &&
        !i.from.includes('/web/') &&
        homes.has(homeOf(i.from)) &&
        homeOf(i.to) !== homeOf(i.from) &&
        floorOf(i.to) > 0,
    );
    const names = new Set(entered.map((i) => i.to.split('/')[2]));
    expect.soft([...names].sort(), provides.id).toEqual(uses.map((u) => u.id).sort());
  }
});

test('every module folder is in the house and tells what it is', () => {
  const folders = globSync('src/{platform,systems,bases,residents,governance}/*/module.ts')
    .map(homeOf)
    .sort();
  expect(folders.map((folder) => folder.split('/')[1]).sort()).toEqual(
    modules.map((m) => m.provides.id).sort(),
  );
  expect(folders.filter((folder) => !existsSync(`src/${folder}/README.md`))).toEqual([]);
});

test('files stay small and are called by what they hold', () => {
  const long = sourceFiles.filter(
    (file) => readFileSync(file, 'utf8').split('\n').length > LINES_MAX,
  );
  expect(long).toEqual([]);
  expect(sourceFiles.filter((file) => VAGUE.test(file))).toEqual([]);
});

test('a city is data: no code names one', () => {
  const named = sourceFiles.filter((file) =>
    /===? ['"]ningbo['"]/.test(readFileSync(file, 'utf8')),
  );
  expect(named).toEqual([]);
});
