import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Locked = {
  version?: string;
  license?: string;
  dev?: boolean;
  resolved?: string;
  integrity?: string;
  optionalDependencies?: Record<string, string>;
};
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, Locked>;
};
const { ['']: root, ...installed } = packages;

/** Where Node would find `name` from the package at `from`: beside it, or in a folder above. */
const find = (from: string, name: string): Locked | undefined => {
  for (let at = from; ;) {
    const here = installed[`${at}${at ? '/' : ''}node_modules/${name}`];
    if (here || at === '') return here;
    const above = at.lastIndexOf('/node_modules/');
    at = above < 0 ? '' : at.slice(0, above);
  }
};

test('the lockfile names every optional binding, so that npm ci works on every platform', () => {
  expect(Object.keys(root?.['optionalDependencies' as never] ?? {})).toEqual([]);
  const withBindings = Object.entries(installed).filter(([, p]) => p.optionalDependencies);
  expect(withBindings.length).toBeGreaterThan(5);
  const missing = withBindings.flatMap(([path, { optionalDependencies }]) =>
    Object.keys(optionalDependencies!)
      .filter((name) => !find(path, name)?.integrity)
      .map((name) => `${path} → ${name}`),
  );
  expect(missing).toEqual([]);
});

test('a platform binding has the version that its package asks for', () => {
  const other = Object.entries(installed).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([, range]) => /^\d/.test(range))
      .filter(([name, exact]) => find(path, name)?.version !== exact)
      .map(([name, exact]) => `${path} → ${name} ${exact}`),
  );
  expect(other).toEqual([]);
});

test('everything is known by its hash and comes from the registry that npm is set to', () => {
  const strange = Object.entries(installed).filter(([, p]) => p.resolved || !p.integrity);
  expect(strange.map(([path]) => path)).toEqual([]);
});

const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);
/** The package states `licenses: [{type: "Apache 2.0"}]`, an old form that npm does not copy to the lockfile. */
const STATED_OTHERWISE = new Set(['node_modules/gtfs-realtime-bindings']);

test('what the running house is made of may be used by anyone for anything', () => {
  const production = Object.entries(installed).filter(([, p]) => !p.dev);
  expect(production.length).toBeGreaterThan(100);
  const strange = production
    .filter(([path, p]) => !STATED_OTHERWISE.has(path) && !PERMISSIVE.has(p.license ?? ''))
    .map(([path, p]) => `${path}: ${p.license}`);
  expect(strange).toEqual([]);
});

test('every direct dependency is an exact version', () => {
  const direct = root as { dependencies?: object; devDependencies?: object };
  const wanted = Object.entries({ ...direct.dependencies, ...direct.devDependencies });
  expect(wanted.filter(([, v]) => !/^(?:npm:[^@]+@)?\d+\.\d+\.\d+$/.test(v as string))).toEqual([]);
});
