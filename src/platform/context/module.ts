import { openEgress, openReach } from '#kernel/egress';
import { defineModule, storage } from '#kernel/module';
import { actions } from './actions.ts';
import { CHANGED, EntityChanged, SUBSCRIPTION_CHANGED, SubscriptionChanged } from './contract.ts';
import { parseEntity } from './entity/parse.ts';
import { openIdentity } from './federation/identity.ts';
import { openDistribution } from './federation/distribution/open.ts';
import { openFederation } from './federation/registrations/open.ts';
import { openRegistry } from './federation/registrations/registry.ts';
import { addSourceRoutes } from './federation/registrations/source-routes.ts';
import { openEntityMaps } from './entity-maps/maps.ts';
import { audit } from '#platform/audit';
import { policy } from '#platform/policy';
import { context } from './index.ts';
import { coreNames } from './jsonld/compile.ts';
import { openContexts } from './jsonld/contexts.ts';
import { openFetchContext } from './jsonld/fetch.ts';
import { listTypes } from './live/census.ts';
import { openFeed } from './live/feed.ts';
import { openStatus } from './live/status.ts';
import { addStreamRoutes } from './live/stream-routes.ts';
import { addTileRoutes } from './live/tile-routes.ts';
import { openTiles } from './live/tile.ts';
import { addNgsiLd } from './ngsi-ld/door.ts';
import { openModels } from './models/models.ts';
import { addModelRoutes } from './models/routes.ts';
import { ensurePartitions } from './partitions.ts';
import { openReader } from './query/reader.ts';
import { addContextRoutes } from './routes.ts';
import { openSight } from './sight.ts';
import { openSnapshotKeeping } from './snapshots/open.ts';
import { sweepExpired } from './store/expired.ts';
import { forgetTaken } from './store/once.ts';
import { findEntity } from './store/find.ts';
import { openPurge } from './store/purge.ts';
import { listEntitiesById } from './store/read.ts';
import { openTenants } from './store/tenants.ts';
import { openWriter } from './store/write.ts';
import { addDeliveryRoutes } from './subscriptions/delivery-routes.ts';
import { openNotifications } from './subscriptions/open.ts';
import type { ContextTables } from './tables.ts';
import { listHistory } from './temporal/history.ts';
import { HistorySettings, openHistory } from './temporal/open.ts';

const DAY_SECONDS = 86_400;

export default defineModule({
  provides: context,
  title: { zh: '城市实时图景', en: 'The live picture of the city' },
  plan: { 'I18.1b': 'part', 'I18.2b': 'part' },
  uses: [audit, policy],
  actions,
  acts: {
    'context.registration-added': { zh: '登记数据源', en: 'A context source was registered' },
    'context.registration-changed': { zh: '更改数据源登记', en: 'A registration was changed' },
    'context.registration-removed': { zh: '移除数据源登记', en: 'A registration was removed' },
    'context.delivery-replayed': { zh: '重发通知', en: 'A notification was sent afresh' },
    'context.deliveries-replayed': {
      zh: '重发接收方的通知',
      en: 'The notifications of a receiver were sent afresh',
    },
    'context.model-kept': { zh: '保存实体类型模型', en: 'The model of a type was kept' },
    'context.model-removed': { zh: '移除实体类型模型', en: 'The model of a type was removed' },
  },
  events: { [CHANGED]: EntityChanged, [SUBSCRIPTION_CHANGED]: SubscriptionChanged },
  feeds: [
    {
      standard: 'ETSI NGSI-LD (GS CIM 009)',
      version: '1.9.1',
      direction: 'both',
      at: '/ngsi-ld/v1',
      implemented: {
        zh: '实体与属性的增删改查、批量操作、查询语言、地理查询、时序查询、变更订阅、数据源登记与分布式操作',
        en: 'Entities and attributes, batches, query language, geo-queries, temporal queries, subscriptions, registrations, distributed operations',
      },
    },
    {
      standard: 'Server-Sent Events',
      version: 'WHATWG HTML',
      direction: 'out',
      at: '/api/context/changes',
      implemented: {
        zh: '实体变更流，可从任一编号续读',
        en: 'The stream of changes, resumed from any id',
      },
    },
    {
      standard: 'Mapbox Vector Tile',
      version: '2.1',
      direction: 'out',
      at: '/api/context/tiles/{type}/{z}/{x}/{y}.mvt',
      implemented: {
        zh: '按类型的实体矢量瓦片',
        en: 'The things of one type as vector tiles',
      },
    },
    {
      standard: 'WebSocket',
      version: 'RFC 6455',
      direction: 'out',
      at: '/api/context/changes',
      implemented: {
        zh: '同一实体变更流，可按类型与租户过滤',
        en: 'The same stream of changes, by type and tenant',
      },
    },
  ],
  settings: HistorySettings,
  storage: storage<ContextTables>(new URL('./migrations', import.meta.url)),
  setup: (kernel, apis) => {
    const { database, clock, outbox } = kernel;
    const sightOf = openSight(apis.policy);
    const egress = openEgress(kernel.config.egressAllow);
    const contexts = openContexts({
      database,
      clock,
      log: kernel.log,
      fetchContext: openFetchContext(egress),
    });
    const notifications = openNotifications({
      database,
      clock,
      log: kernel.log,
      contexts,
      egress,
      reach: openReach(kernel.config.egressAllow),
      works: kernel.config.role !== 'server',
      sightOf,
      committed: outbox.committed,
    });
    const models = openModels({
      database,
      contexts,
      clock,
      log: kernel.log,
      audit: apis.audit,
    });
    const writer = openWriter(
      database,
      clock,
      outbox.committed,
      notifications.tellsPrevious,
      outbox.mustHaveRoom,
      models.check,
    );
    const registry = openRegistry(database, kernel.log);
    const federation = openFederation({
      database,
      clock,
      audit: apis.audit,
      registry,
      wake: notifications.wake,
    });
    const history = openHistory(database, clock, kernel.settings);
    const distribution = openDistribution({
      database,
      clock,
      log: kernel.log,
      egress,
      contexts,
      registry,
      reader: openReader(database),
      writer: { write: writer.write, purge: openPurge(database, writer.write) },
      evolutions: history.evolutions,
    });
    const { reader } = distribution;
    const entityMaps = openEntityMaps(database, clock);
    const snapshots = openSnapshotKeeping({
      database,
      clock,
      contexts,
      reader,
      egress,
      log: kernel.log,
    });
    const feed = openFeed(outbox, kernel.log);
    const nameOf = (short: string) => coreNames.expand(short);

    return {
      api: {
        write: writer.write,
        toFragment: (json) => parseEntity(json, coreNames, { nulls: true }),
        nameOf,
        shortOf: (iri) => coreNames.compact(iri),
        find: (id, tenant) => findEntity(database, id, tenant),
        list: (question) => listEntitiesById(database, question),
        types: () => listTypes(database),
        history: (question) => listHistory(database, question),
      },
      routes: async (app) => {
        addContextRoutes(app, {
          database,
          sightOf,
          status: openStatus({ database, outbox, writer, feed }),
        });
        addModelRoutes(app, { models, contexts });
        addTileRoutes(app, { tiles: openTiles(database), sightOf });
        await addStreamRoutes(app, {
          outbox,
          feed,
          publicUrl: kernel.config.publicUrl,
          sightOf,
        });
        addSourceRoutes(app, { database, contexts });
        addDeliveryRoutes(app, {
          database,
          clock,
          audit: apis.audit,
          wake: notifications.wake,
        });
      },
      doors: {
        '/ngsi-ld/v1': (app) =>
          addNgsiLd(app, {
            database,
            contexts,
            publicUrl: kernel.config.publicUrl,
            writer: distribution.writer,
            discovery: distribution.discovery,
            reader,
            sightOf,
            entityMaps,
            identity: openIdentity(database, clock),
            tenants: openTenants(database),
            snapshots,
            history,
            past: distribution.past,
            evolutions: distribution.evolutions,
            clock,
            subscriptions: notifications.subscriptions,
            registry,
            registrations: federation.registrations,
            sourceSubscriptions: federation.subscriptions,
          }),
      },
      consumers: [notifications.consumer],
      start: async () => {
        await ensurePartitions(database, clock);
        contexts.usage.start();
        await models.start();
        await notifications.start();
      },
      stop: async () => {
        await distribution.stop();
        await snapshots.stop();
        await notifications.stop();
        models.stop();
        await contexts.usage.stop();
      },
      jobs: [
        notifications.job,
        federation.job,
        ...history.jobs,
        ...snapshots.jobs,
        {
          name: 'context.history-months',
          everySeconds: DAY_SECONDS,
          limitSeconds: 60,
          run: () => ensurePartitions(database, clock),
        },
        {
          name: 'context.sweep-expired',
          everySeconds: 30,
          limitSeconds: 60,
          run: () => sweepExpired(database, writer.write, clock),
        },
        {
          name: 'context.forget-taken',
          everySeconds: 3600,
          limitSeconds: 300,
          run: () => forgetTaken(database),
        },
        {
          name: 'context.trim-contexts',
          everySeconds: 3600,
          limitSeconds: 60,
          run: contexts.stored.trim,
        },
        {
          name: 'context.forget-entity-maps',
          everySeconds: 300,
          limitSeconds: 60,
          run: entityMaps.forget,
        },
      ],
    };
  },
});
