import { Type } from 'typebox';
import type { Config } from '#kernel/config';
import type { Database } from '#kernel/database';
import type { App } from '#kernel/http';
import type { Manifest } from '#kernel/module';
import type { Registers } from '#platform/registers';

const DESCRIBE = { action: 'house.describe' };
const Words = Type.Object({ zh: Type.String(), en: Type.String() });

const About = Type.Object({
  name: Type.String(),
  version: Type.String(),
  city: Type.Object({ id: Type.String(), name: Words }),
  engine: Type.String(),
  demo: Type.Object({
    on: Type.Boolean(),
    rate: Type.Number({ description: 'Readings a second' }),
  }),
  auth: Type.Union([Type.Literal('on'), Type.Literal('off')]),
  startedAt: Type.String(),
});

const Doors = Type.Object({
  doors: Type.Array(
    Type.Object({
      module: Type.String(),
      title: Words,
      standard: Type.String(),
      version: Type.String(),
      direction: Type.String(),
      at: Type.String(),
      implemented: Words,
    }),
  ),
});

type Needs = {
  readonly config: Config;
  readonly database: Database;
  readonly registers: Registers;
  readonly manifests: readonly Manifest[];
  readonly version: string;
  readonly startedAt: string;
};

const demoRate = (config: Config): number => {
  const rate = Number(config.env['DEMO'] ?? '5');
  return Number.isFinite(rate) ? rate : 0;
};

/** What this house is, and every door of it: the first thing a page or an integrator asks. */
export const addAbout = (
  app: App,
  { config, database, registers, manifests, version, startedAt }: Needs,
) => {
  app.get('/api/house', { config: DESCRIBE, schema: { response: { 200: About } } }, async () => {
    const { id, name } = registers.city();
    const rate = demoRate(config);
    return {
      name: 'Sanjiang 三江',
      version,
      city: { id, name },
      engine: database.engine,
      demo: { on: rate > 0, rate },
      auth: config.auth,
      startedAt,
    };
  });

  app.get(
    '/api/house/doors',
    { config: DESCRIBE, schema: { response: { 200: Doors } } },
    async () => ({
      doors: manifests.flatMap((m) =>
        (m.feeds ?? []).map((feed) => ({ module: m.provides.id, title: m.title, ...feed })),
      ),
    }),
  );
};
