import { Type } from 'typebox';
import { defineModule, storage } from '#kernel/module';
import { audit } from '#platform/audit';
import { context } from '#platform/context';
import { registers } from '#platform/registers';
import { addConditionsRoute } from './conditions-route.ts';
import { demoDevicesOf, openDemonstration } from './demonstration.ts';
import { findDevice } from './devices.ts';
import { sensingEvents } from './events.ts';
import { openGateway } from './gateway.ts';
import { importersOf } from './imports/importers.ts';
import { sensing } from './index.ts';
import { type Broker, openBroker } from './mqtt/broker.ts';
import { type External, openExternal } from './mqtt/external.ts';
import { addReadingRoutes } from './reading-routes.ts';
import { addDeviceRoutes } from './routes.ts';
import { addSimulationRoutes } from './simulation-routes.ts';
import { lookForSilences } from './silences.ts';
import type { SensingTables } from './tables.ts';

const settings = Type.Object({
  MQTT_PORT: Type.Integer({
    default: 1883,
    minimum: 0,
    maximum: 65_535,
    description: 'Port of the embedded MQTT broker; 0 for none',
  }),
  MQTT_URL: Type.Optional(
    Type.String({
      pattern: '^(mqtts?|wss?)://',
      description: 'An MQTT 5 broker of the city to take readings from, besides the embedded one',
    }),
  ),
  DEMO: Type.String({
    default: '5',
    pattern: '^(off|\\d{1,5}(\\.\\d+)?)$',
    description: 'Readings a second of the demonstration devices, or off',
  }),
});

export default defineModule({
  provides: sensing,
  title: { zh: '城市感知', en: 'Sensing' },
  uses: [audit, context, registers],
  plan: {
    'I20.1': 'part',
    'I20.2': 'part',
    'I20.3': 'part',
    'I20.4': 'part',
    'I20.5': 'part',
    'I17.1': 'part',
  },
  actions: {
    'sensing.see': {
      title: { zh: '查看设备登记', en: 'See the register of devices' },
      grant: ['anyone'],
    },
    'sensing.see-refusals': {
      title: { zh: '查看未接收的设备消息', en: 'See which messages of a device were not taken' },
      grant: ['device', 'operator'],
    },
    'sensing.submit': {
      title: { zh: '提交设备读数', en: 'Submit readings of a device' },
      grant: ['device', 'operator'],
    },
    'sensing.import': {
      title: { zh: '批量导入读数', en: 'Import readings of many devices' },
      grant: ['operator'],
    },
    'sensing.keep-register': {
      title: {
        zh: '登记设备、密钥与映射',
        en: 'Keep the register of devices, their secrets and mappings',
      },
      grant: ['operator'],
    },
    'sensing.simulate': {
      title: { zh: '调节演示设备', en: 'Set how fast the demonstration runs' },
      grant: ['operator'],
    },
    'sensing.try': { title: { zh: '领取试用设备', en: 'Get a device to try' }, grant: ['anyone'] },
  },
  acts: {
    'sensing.device-registered': { zh: '登记设备', en: 'A device was registered' },
    'sensing.device-changed': { zh: '更改设备登记', en: 'The register of a device was changed' },
    'sensing.device-given-a-new-key': { zh: '更换设备密钥', en: 'A device was given a new key' },
    'sensing.device-revoked': { zh: '吊销设备', en: 'A device was revoked' },
    'sensing.mapping-kept': { zh: '保存映射', en: 'A mapping was kept' },
    'sensing.mapping-removed': { zh: '移除映射', en: 'A mapping was removed' },
  },
  events: sensingEvents,
  feeds: [
    {
      standard: 'MQTT (OASIS)',
      version: '3.1.1',
      direction: 'in',
      at: 'mqtt://:MQTT_PORT',
      implemented: {
        zh: '发布 devices/<id>/readings，QoS 0、1、2；提交入库后才应答。会话在内存中，不保留消息，不转发读数',
        en: 'Publishing to devices/<id>/readings with QoS 0, 1, 2; acknowledged after the commit. Sessions in memory, nothing retained, readings not forwarded',
      },
    },
    {
      standard: 'MQTT (OASIS)',
      version: '5.0',
      direction: 'in',
      at: 'MQTT_URL',
      implemented: {
        zh: '从外部代理以共享订阅接收 devices/+/readings，提交入库后才应答',
        en: 'devices/+/readings of an external broker by shared subscription, acknowledged after the commit',
      },
    },
    {
      standard: 'HTTP + JSON, NDJSON, CSV',
      version: 'RFC 9110, RFC 8259, RFC 4180',
      direction: 'in',
      at: '/api/sensing',
      implemented: {
        zh: '单个设备的读数、多设备批量读数、设备登记',
        en: 'Readings of one device, of many in a stream, and the register',
      },
    },
  ],
  settings,
  storage: storage<SensingTables>(new URL('./migrations/', import.meta.url)),

  setup: (kernel, { audit, context, registers }) => {
    const gateway = openGateway(kernel, context, audit);
    const { intake, presence, registration, sandbox } = gateway;
    const { MQTT_PORT, MQTT_URL, DEMO } = kernel.settings;
    const { host, auth, role } = kernel.config;
    let broker: Broker | undefined;
    let external: External | undefined;
    const demonstration = openDemonstration(gateway, demoDevicesOf(registers));

    return {
      api: {
        findDeviceBySecret: gateway.findDeviceBySecret,
        find: (id) => findDevice(kernel.db, id, kernel.clock.now().toISOString()),
        register: (device) => registration.register(device),
        take: gateway.take,
        demoRate: () => demonstration.state().rate,
      },
      routes: (app) => {
        addDeviceRoutes(app, gateway);
        addReadingRoutes(app, gateway);
        addSimulationRoutes(app, demonstration);
        addConditionsRoute(app, MQTT_PORT);
      },
      importers: importersOf(gateway),
      jobs: [
        {
          name: 'sensing.silences',
          everySeconds: 10,
          limitSeconds: 120,
          run: async () => {
            await lookForSilences(kernel);
          },
        },
        {
          name: 'sensing.sandbox-expiry',
          everySeconds: 60,
          limitSeconds: 120,
          run: async () => {
            await sandbox.expire();
          },
        },
      ],
      listen: async () => {
        if (MQTT_URL) external = openExternal({ ...gateway, url: MQTT_URL, log: kernel.log });
        if (MQTT_PORT === 0) return;
        broker = await openBroker({ ...gateway, ...kernel, host, port: MQTT_PORT, auth });
        const port = await broker.listen();
        kernel.log.info({ port }, 'MQTT listens');
        // With several processes each would run its own demonstration: there `runSimulator` runs it from outside.
        if (role !== 'all') return;
        const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host;
        await demonstration.start(`mqtt://${reachable}:${port}`, DEMO === 'off' ? 0 : Number(DEMO));
      },
      stop: async () => {
        await demonstration.stop();
        await broker?.close();
        await external?.close();
        await intake.drained();
        await presence.close();
      },
    };
  },
});
