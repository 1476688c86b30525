import { readFileSync } from 'node:fs';
import swaggerUi from '@fastify/swagger-ui';
import { type House, openHouse } from '#kernel/boot';
import type { Config } from '#kernel/config';
import { type App, tagRoutes } from '#kernel/http';
import type { Logger } from '#kernel/log';
import { systemClock, toInstant } from '#kernel/time';
import type { Audit } from '#platform/audit';
import type { Context } from '#platform/context';
import type { Registers } from '#platform/registers';
import type { Sensing } from '#platform/sensing';
import { type AboutNeeds, addAbout } from './about.ts';
import { gateOf } from './gate.ts';
import { modules } from './house.ts';
import { addImports } from './imports.ts';
import { addOperations } from './operations.ts';
import { addPages } from './pages.ts';

const PACKAGE = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };
export const { version } = PACKAGE;

/** The reference page that is made from the OpenAPI document. */
const addReference = async (app: App) => {
  await app.register(async (own: App) => {
    own.addHook('onRoute', (route) => {
      route.config = { ...route.config, action: 'house.describe' };
    });
    await own.register(swaggerUi, {
      routePrefix: '/reference',
      uiConfig: { docExpansion: 'none', filter: true },
    });
  });
};

/** The whole city platform in this process, not yet listening. */
export const openCity = async (config: Config, log: Logger): Promise<House> => {
  const startedAt = toInstant(systemClock.now());
  return openHouse({
    modules,
    config,
    clock: systemClock,
    log,
    version,
    gate: gateOf,
    decorate: async (app, { database, outbox, nats, apis, importers }) => {
      const about: AboutNeeds = {
        config,
        database,
        version,
        startedAt,
        registers: apis['registers'] as Registers,
        sensing: apis['sensing'] as Sensing,
      };
      const audit = apis['audit'] as Audit;
      await app.register(async (own: App) => {
        tagRoutes(own, 'house');
        addAbout(own, { ...about, manifests: modules });
        addOperations(own, {
          ...about,
          outbox,
          nats,
          modules,
          context: apis['context'] as Context,
          audit,
        });
        addImports(own, database, importers, audit);
      });
      await addReference(app);
      await addPages(app);
    },
  });
};
