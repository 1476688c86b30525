import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Locked = {
  readonly version?: string;
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, Locked>;
};

/** The package that `name` means to the one at `path`: its own first, then those of the folders above. */
const found = (path: string, name: string): Locked | undefined => {
  const own = packages[`${path ? `${path}/` : ''}node_modules/${name}`];
  if (own || !path) return own;
  return found(path.slice(0, Math.max(0, path.lastIndexOf('node_modules/') - 1)), name);
};

const EXACT = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

test('the lockfile names every optional binding in the version asked for, so that npm ci works on any machine', () => {
  const wanted = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies).map(([name, version]) => ({ path, name, version })),
  );
  expect(wanted.length).toBeGreaterThan(50);
  const missing = wanted.filter(({ path, name, version }) => {
    const locked = found(path, name);
    return !locked?.integrity || (EXACT.test(version) && locked.version !== version);
  });
  expect(missing.map(({ path, name, version }) => `${path} → ${name}@${version}`)).toEqual([]);
});
