import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { must } from '#kernel/errors';

/** The only pair that was tested: newer PGlite does not load this PostGIS, and the fsync hook touches internals. */
const PINNED = {
  '@electric-sql/pglite': '0.5.8',
  '@electric-sql/pglite-postgis': '0.2.8',
} as const;

const installed = (name: string): string => {
  const manifest = new URL('../package.json', import.meta.resolve(name));
  return (JSON.parse(readFileSync(fileURLToPath(manifest), 'utf8')) as { version: string }).version;
};

/** A data folder opens only in the engine that made it; this is what it carries and what is compared. */
export const engineVersions = (): string => {
  for (const [name, version] of Object.entries(PINNED)) {
    const found = installed(name);
    must(
      found === version,
      `${name} ${found} is installed, but only ${version} is known to keep data`,
    );
  }
  return Object.entries(PINNED)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
};

export const versionsHash = (): string =>
  createHash('sha256').update(engineVersions()).digest('hex').slice(0, 12);
