import { type Static, Type } from 'typebox';
import type { Config } from '#kernel/config';
import type { Database } from '#kernel/database';
import type { App } from '#kernel/http';
import type { Manifest } from '#kernel/module';
import { listUnits } from '#kernel/units';
import type { Registers } from '#platform/registers';
import type { Sensing } from '#platform/sensing';

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

const Modules = Type.Object({
  modules: Type.Array(
    Type.Object({
      id: Type.String(),
      title: Words,
      /** Entity types that it owns. */
      entities: Type.Array(Type.String()),
      /** Clauses that it claims, and how much of each. */
      plan: Type.Record(Type.String(), Type.Union([Type.Literal('part'), Type.Literal('works')])),
    }),
  ),
});

const Units = Type.Object({
  units: Type.Record(Type.String(), Type.String(), {
    description: 'Symbols by UN/CEFACT Recommendation 20 code',
  }),
});

export type AboutNeeds = {
  readonly config: Config;
  readonly database: Database;
  readonly registers: Registers;
  readonly sensing: Sensing;
  readonly version: string;
  readonly startedAt: string;
};
type Needs = AboutNeeds & { readonly manifests: readonly Manifest[] };

/** Where a door is, with the ports that are set; other settings stay names, for they may hold passwords. */
const withPorts = (at: string, { settings }: Manifest, { env }: Config): string => {
  const schemas = (settings?.properties ?? {}) as Record<
    string,
    { type?: string; default?: unknown }
  >;
  return Object.entries(schemas).reduce((text, [name, schema]) => {
    const port = schema.type === 'integer' ? Number(env[name] ?? schema.default ?? 0) : 0;
    return port > 0 ? text.replace(name, String(port)) : text;
  }, at);
};

/** What this house is, at this moment. */
export const aboutHouse = ({
  config,
  database,
  registers,
  sensing,
  version,
  startedAt,
}: AboutNeeds): Static<typeof About> => {
  const { id, name } = registers.city();
  const rate = sensing.demoRate();
  return {
    name: 'Sanjiang 三江',
    version,
    city: { id, name },
    engine: database.engine,
    demo: { on: rate > 0, rate },
    auth: config.auth,
    startedAt,
  };
};

/** What this house is, and every door of it: the first thing a page or an integrator asks. */
export const addAbout = (app: App, { manifests, ...needs }: Needs) => {
  const { config } = needs;
  app.get('/api/house', { config: DESCRIBE, schema: { response: { 200: About } } }, async () =>
    aboutHouse(needs),
  );

  app.get(
    '/api/house/doors',
    { config: DESCRIBE, schema: { response: { 200: Doors } } },
    async () => ({
      doors: manifests.flatMap((m) =>
        (m.feeds ?? []).map((feed) => ({
          module: m.provides.id,
          title: m.title,
          ...feed,
          at: withPorts(feed.at, m, config),
        })),
      ),
    }),
  );

  app.get(
    '/api/house/modules',
    { config: DESCRIBE, schema: { response: { 200: Modules } } },
    async () => ({
      modules: manifests.map(({ provides, title, entities = [], plan }) => ({
        id: provides.id,
        title,
        entities: [...entities],
        plan: { ...plan },
      })),
    }),
  );

  const units = Object.fromEntries(listUnits().map(({ code, symbol }) => [code, symbol]));
  app.get(
    '/api/house/units',
    { config: DESCRIBE, schema: { response: { 200: Units } } },
    async () => ({ units }),
  );
};
