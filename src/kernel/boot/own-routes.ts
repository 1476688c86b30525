import { Type } from 'typebox';
import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import type { Metrics } from '#kernel/metrics';
import type { Action, Words } from '#kernel/module';
import type { Outbox } from '#kernel/outbox';

/** The few actions that belong to the house itself rather than to a module. */
export const OWN_ACTIONS: Readonly<Record<string, Action>> = {
  'house.describe': {
    title: {
      zh: '查看平台状态与接口说明',
      en: 'See whether the house stands and what its interfaces are',
    },
    grant: ['anyone'],
  },
  'house.measure': {
    title: { zh: '读取运行指标', en: 'Read the metrics of the running house' },
    grant: ['operator'],
  },
  'house.operate': {
    title: {
      zh: '查看与处理平台运行状况',
      en: 'See how the house runs and mend what could not be delivered',
    },
    grant: ['operator'],
  },
  'house.import': {
    title: { zh: '导入文件', en: 'Take files in' },
    grant: ['operator'],
  },
  'house.archive': {
    title: { zh: '取得全部数据的归档', en: 'Take a copy of everything' },
    grant: ['administrator'],
  },
};

/** What the house itself leaves in the audit log. */
export const OWN_ACTS: Readonly<Record<string, Words>> = {
  'house.event-replayed': { zh: '重投未送达的事件', en: 'A dead letter was tried afresh' },
  'house.archive-taken': { zh: '取走全部数据的归档', en: 'A copy of everything was taken' },
  'house.file-taken-in': { zh: '导入文件', en: 'A file was taken in' },
};

type Needs = { database: Database; outbox: Outbox; metrics: Metrics; ready: () => boolean };

/** Liveness, readiness, metrics and the OpenAPI document. */
export const addOwnRoutes = (app: App, { database, outbox, metrics, ready }: Needs) => {
  const lag = metrics.gauge({
    name: 'outbox_lag_events',
    help: 'Events that a consumer has still to take',
    labels: ['consumer'],
  });
  const describe = { action: 'house.describe' };
  const State = Type.Object({ status: Type.String() });

  app.get('/health', { config: describe, schema: { response: { 200: State } } }, async () => ({
    status: 'up',
  }));

  app.get('/ready', { config: describe, schema: { response: { 200: State } } }, async () => {
    if (!ready()) throw new Refusal('unavailable', 'The house is starting or stopping.');
    await database.query('select 1');
    return { status: 'ready' };
  });

  app.get('/metrics', { config: { action: 'house.measure' } }, async (_request, reply) => {
    for (const consumer of await outbox.lags()) lag.set({ consumer: consumer.name }, consumer.lag);
    return reply.type(metrics.contentType).send(await metrics.text());
  });

  app.get('/openapi.json', { config: describe, schema: { hide: true } }, async () => app.swagger());
};
