import { Type } from 'typebox';
import { openEgress } from '#kernel/egress';
import { defineModule } from '#kernel/module';
import { toInstant } from '#kernel/time';
import { context } from '#platform/context';
import { openGateway, readAddresses } from './feeds/ais/gateway.ts';
import { openReceivers } from './feeds/ais/receivers.ts';
import { openImporters } from './imports.ts';
import { transport, type Transport } from './index.ts';
import { pollFeed, readFeedList } from './poll.ts';
import { addRoutes } from './routes.ts';
import { openWriter } from './writer.ts';

const Port = (description: string) =>
  Type.Integer({ default: 0, minimum: 0, maximum: 65_535, description });

export default defineModule({
  provides: transport,
  title: { zh: '智慧交通', en: 'Smart transport' },
  uses: [context],
  plan: { 'S7.6': 'part', 'S7.9': 'part' },
  actions: {
    'transport.ais.read': {
      title: { zh: '查看船舶自动识别系统网关的计数', en: 'See what the AIS gateway has heard' },
      grant: ['anyone'],
    },
  },
  events: {},
  entities: ['Vessel', 'Aircraft', 'AisBaseStation', 'AidToNavigation', 'Vehicle'],
  feeds: [
    {
      standard: 'NMEA 0183 / ITU-R M.1371',
      version: '4.11 / 5',
      direction: 'in',
      at: 'TCP AIS_TCP_PORT, UDP AIS_UDP_PORT, AIS_CONNECT; import ais',
      implemented: {
        zh: 'AIVDM、AIVDO（消息 1–5、9、18、19、21、24、27）与 RMC；其余按类型计数',
        en: 'AIVDM, AIVDO (messages 1–5, 9, 18, 19, 21, 24, 27) and RMC; others are counted by type',
      },
    },
    {
      standard: 'GTFS Realtime',
      version: '2.0',
      direction: 'in',
      at: 'GTFS_RT_FEEDS; import gtfs-rt',
      implemented: { zh: '车辆位置', en: 'Vehicle positions' },
    },
  ],
  settings: Type.Object({
    AIS_TCP_PORT: Port('TCP port for AIS receivers (NMEA 0183), on HOST; 0 is off'),
    AIS_UDP_PORT: Port('UDP port for AIS receivers (NMEA 0183), on HOST; 0 is off'),
    AIS_CONNECT: Type.String({
      default: '',
      description: 'AIS receivers that the gateway calls by TCP, as host:port,host:port',
    }),
    GTFS_RT_FEEDS: Type.String({
      default: '',
      description: 'GTFS Realtime feeds of vehicle positions, as name=https://…,name=https://…',
    }),
    GTFS_RT_SECONDS: Type.Integer({
      default: 15,
      minimum: 5,
      maximum: 3600,
      description: 'How often they are asked',
    }),
  }),
  setup: ({ clock, log, config, settings }, { context }) => {
    const writer = openWriter(context, log);
    const receivers = openReceivers(writer.add);
    const gatewaySettings = {
      host: config.host,
      tcpPort: settings.AIS_TCP_PORT,
      udpPort: settings.AIS_UDP_PORT,
      connectTo: readAddresses(settings.AIS_CONNECT),
    };
    const gateway = openGateway(gatewaySettings, { receivers, clock, log });
    const doors = [
      ...(settings.AIS_TCP_PORT > 0 ? [`tcp ${config.host}:${settings.AIS_TCP_PORT}`] : []),
      ...(settings.AIS_UDP_PORT > 0 ? [`udp ${config.host}:${settings.AIS_UDP_PORT}`] : []),
      ...gatewaySettings.connectTo.map(({ host, port }) => `to ${host}:${port}`),
    ];
    const api: Transport = {
      aisStatus: () => {
        const lastHeardAt = receivers.lastHeardAt();
        return {
          doors,
          receivers: receivers.receivers(),
          ...(lastHeardAt !== undefined && { lastHeardAt: toInstant(lastHeardAt) }),
          heard: receivers.counters(),
          stored: writer.counts(),
        };
      },
    };
    const egress = openEgress(config.egressAllow);
    const jobs = readFeedList(settings.GTFS_RT_FEEDS).map((feed) => {
      let seen: number | undefined;
      return {
        name: `transport.gtfs-rt.${feed.name}`,
        everySeconds: settings.GTFS_RT_SECONDS,
        limitSeconds: 60,
        run: async () => {
          seen = await pollFeed(feed, seen, { context, egress, clock, log });
        },
      };
    });
    return {
      api,
      routes: (app) => addRoutes(app, api),
      importers: openImporters(context, clock),
      jobs,
      listen: gateway.listen,
      stop: async () => {
        await gateway.close();
        await writer.flush();
      },
    };
  },
});
