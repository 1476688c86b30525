/** `iotagent-node-lib`, on which FIWARE's agents for MQTT, LoRaWAN, OPC UA and others stand, as it is published. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import context from '../../src/platform/context/module.ts';
import { openTestHouse } from '../house.ts';
import type { Json } from '../receiver.ts';

const SERVICE = { service: 'cixi', path: '/irrigation' };
const HEADERS = { 'fiware-service': SERVICE.service, 'fiware-servicepath': SERVICE.path };
const PUMP = 'https://cixi.example/pump#';

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};

let house: House;
let child: ChildProcess;
let agentUrl: string;
let vocabulary: string;
const told: Json[] = [];

const until = async <T>(look: () => T | undefined, what: string): Promise<T> => {
  const end = Date.now() + 15_000;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`${what} did not come: ${JSON.stringify(told)}`);
    await new Promise((done) => setTimeout(done, 20));
  }
};

beforeAll(async () => {
  house = await openTestHouse({ modules: [context], env: { EGRESS_ALLOW: '127.0.0.1' } });
  const broker = new URL(await house.listen());
  const hosted = await house.app.inject({
    method: 'POST',
    url: '/ngsi-ld/v1/jsonldContexts',
    payload: {
      '@context': { pump: PUMP, Pump: 'pump:Pump', flow: 'pump:flow', start: 'pump:start' },
    },
  });
  vocabulary = broker.origin + String(hosted.headers['location']);
  const port = await freePort();
  agentUrl = `http://127.0.0.1:${port}`;
  const config = {
    contextBroker: {
      host: broker.hostname,
      port: broker.port,
      ngsiVersion: 'ld',
      jsonLdContext: vocabulary,
    },
    server: { port, host: '127.0.0.1', ldSupport: { null: true, datasetId: true, merge: false } },
    deviceRegistry: { type: 'memory' },
    types: {},
    service: SERVICE.service,
    subservice: SERVICE.path,
    providerUrl: agentUrl,
    deviceRegistrationDuration: 'P1M',
    logLevel: 'FATAL',
  };
  child = fork(new URL('agent.child.ts', import.meta.url), [JSON.stringify(config)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('message', (message) => told.push(message));
  await until(() => told.find(({ ready }) => ready), 'The agent');
});
afterAll(async () => {
  child?.kill();
  await house?.[Symbol.asyncDispose]();
});

const provision = async (device: object) => {
  const answer = await fetch(`${agentUrl}/iot/devices`, {
    method: 'POST',
    headers: { ...HEADERS, 'content-type': 'application/json' },
    body: JSON.stringify({ devices: [device] }),
  });
  expect(answer.status, await answer.text()).toBe(201);
};

const measure = async (device: string, values: Record<string, unknown>) => {
  const before = told.length;
  child.send({
    device,
    ...SERVICE,
    values: Object.entries(values).map(([name, value]) => ({ name, type: 'Number', value })),
  });
  const answer = await until(
    () => told.slice(before).find(({ measured }) => measured === device),
    'The answer to a measure',
  );
  expect(answer.error).toBeUndefined();
};

const entity = async (id: string): Promise<Json> => {
  const answer = await house.app.inject({
    url: `/ngsi-ld/v1/entities/${id}`,
    headers: {
      'ngsild-tenant': SERVICE.service,
      link: `<${vocabulary}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`,
    },
  });
  return answer.json();
};

test('a device that is provisioned with the agent sends measures, and they are an entity', async () => {
  await provision({
    device_id: 'p1',
    entity_name: 'urn:ngsi-ld:Pump:p1',
    entity_type: 'Pump',
    attributes: [
      {
        object_id: 'f',
        name: 'flow',
        type: 'Number',
        metadata: { unitCode: { type: 'Text', value: 'MQS' } },
      },
    ],
    static_attributes: [
      { name: 'location', type: 'geo:point', value: '121.26,30.17' },
      { name: 'locatedIn', type: 'Relationship', value: 'urn:ngsi-ld:District:cixi' },
    ],
  });
  await measure('p1', { f: 12.5 });
  expect(await entity('urn:ngsi-ld:Pump:p1')).toMatchObject({
    type: 'Pump',
    flow: { type: 'Property', value: 12.5, unitCode: 'MQS' },
    location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [121.26, 30.17] } },
    locatedIn: { type: 'Relationship', object: 'urn:ngsi-ld:District:cixi' },
  });
  await measure('p1', { f: 13 });
  expect(await entity('urn:ngsi-ld:Pump:p1')).toMatchObject({ flow: { value: 13 } });
  const plain = await house.app.inject({
    url: '/ngsi-ld/v1/entities/urn:ngsi-ld:Pump:p1',
    headers: { 'ngsild-tenant': SERVICE.service },
  });
  expect(plain.json()).toHaveProperty(`${PUMP}flow`);
});

test('a device with commands and lazy attributes is a registration, which goes with it', async () => {
  await provision({
    device_id: 'p2',
    entity_name: 'urn:ngsi-ld:Pump:p2',
    entity_type: 'Pump',
    endpoint: 'http://127.0.0.1:1/pump',
    transport: 'HTTP',
    commands: [{ name: 'start', type: 'command' }],
    lazy: [{ name: 'pressure', type: 'Number' }],
  });
  const registrations = async (): Promise<Json[]> =>
    (
      await house.app.inject({
        url: '/ngsi-ld/v1/csourceRegistrations?type=Pump',
        headers: {
          'ngsild-tenant': SERVICE.service,
          link: `<${vocabulary}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`,
        },
      })
    ).json();
  expect(await registrations()).toMatchObject([
    {
      mode: 'exclusive',
      endpoint: agentUrl,
      information: [{ entities: [{ id: 'urn:ngsi-ld:Pump:p2', type: 'Pump' }] }],
    },
  ]);
  const gone = await fetch(`${agentUrl}/iot/devices/p2`, { method: 'DELETE', headers: HEADERS });
  expect(gone.status).toBe(204);
  expect(await registrations()).toEqual([]);
});
