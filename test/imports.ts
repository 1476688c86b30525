import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseSync } from 'oxc-parser';

/** One import as the walls see it. `door` is true where it went through the package's own `imports` map. */
export type Import = { from: string; to: string; spec: string; door: boolean; typeOnly: boolean };

/** Lower may not import higher: reading this list from the top is reading the house from the ground. */
export const LEVELS = ['kernel', 'platform', 'systems', 'bases', 'residents', 'governance', 'apps'];
/** Neighbours that stand side by side above the systems. */
const FLOOR: Readonly<Record<string, number>> = {
  kernel: 0,
  platform: 1,
  systems: 2,
  bases: 3,
  residents: 3,
  governance: 3,
  apps: 4,
};

const TEST = /\.(?:test|e2e)\.tsx?$/;
const PAGES_DOOR = /^#[^/]+\/[^/]+\/web$/;
const DOOR = /^#[^/]+\/[^/]+$/;

const targetOf = (from: string, spec: string): string => {
  if (PAGES_DOOR.test(spec)) return `src/${spec.slice(1)}/index.tsx`;
  if (spec.startsWith('#')) return `src/${spec.slice(1)}/index.ts`;
  return spec.startsWith('.') ? normalize(join(dirname(from), spec)) : spec;
};

export const sourceFiles = globSync('src/**/*.{ts,tsx}').filter((file) => !TEST.test(file));

/** Every static import, re-export and dynamic import with a literal name, of every source file. */
export const imports: readonly Import[] = sourceFiles.flatMap((from): Import[] => {
  const text = readFileSync(from, 'utf8');
  const { module } = parseSync(from, text);
  const named = [
    ...module.staticImports.map((i) => ({
      spec: i.moduleRequest.value,
      typeOnly: i.entries.length > 0 && i.entries.every((e) => e.isType),
    })),
    ...module.staticExports
      .flatMap((x) => x.entries)
      .flatMap((e) =>
        e.moduleRequest ? [{ spec: e.moduleRequest.value, typeOnly: e.isType }] : [],
      ),
    ...module.dynamicImports.flatMap((i) => {
      const literal = /^['"`]([^'"`$]+)['"`]$/.exec(
        text.slice(i.moduleRequest.start, i.moduleRequest.end),
      );
      return literal ? [{ spec: literal[1]!, typeOnly: false }] : [];
    }),
  ];
  return named.map(({ spec, typeOnly }) => ({
    from,
    to: targetOf(from, spec),
    spec,
    door: spec.startsWith('#'),
    typeOnly,
  }));
});

export const isInside = (path: string) => path.startsWith('src/');
export const floorOf = (path: string) => FLOOR[path.split('/')[1] ?? ''] ?? -1;
/** The folder that a file is at home in: `platform/context`, and for apps the whole of them. */
export const homeOf = (path: string) => path.split('/').slice(1, 3).join('/');
export const isDoor = (spec: string) => DOOR.test(spec) || PAGES_DOOR.test(spec);
export const said = (found: readonly Import[]) => found.map((i) => `${i.from} → ${i.spec}`);
