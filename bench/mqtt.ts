import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Bench } from './row.ts';
import { startServer } from './server.ts';

const CLIENTS = 20;
const MESSAGES = 60_000;
const IN_FLIGHT = 50;

type Load = { perSecond: number; p50: number; p95: number; p99: number };

/** The clients are a process of their own, so that they and the server do not share a thread. */
const load = async (port: number, deviceIds: readonly string[]): Promise<Load> => {
  const child = spawn(process.execPath, ['bench/load.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      LOAD: JSON.stringify({ port, deviceIds, messages: MESSAGES, inFlight: IN_FLIGHT }),
    },
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const [code] = (await once(child, 'exit')) as [number];
  if (code !== 0) throw new Error(`The clients ended with ${code}.`);
  return JSON.parse(out) as Load;
};

const register = async (url: string, id: string) => {
  const answer = await fetch(`${url}/api/sensing/devices`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      id,
      name: { zh: `测试 ${id}`, en: `Bench ${id}` },
      class: 'I20.4/air',
      entity: `urn:ngsi-ld:AirQualityObserved:${id}`,
      entityType: 'AirQualityObserved',
    }),
  });
  if (answer.status !== 201)
    throw new Error(`register answered ${answer.status}: ${await answer.text()}`);
};

const historyRows = async (url: string, id: string) => {
  const answer = await fetch(
    `${url}/ngsi-ld/v1/temporal/entities/urn:ngsi-ld:AirQualityObserved:${id}?attrs=n&aggrMethods=totalCount&aggrPeriodDuration=PT0S&options=aggregatedValues&timerel=after&timeAt=2020-01-01T00:00:00Z`,
  );
  const body = (await answer.json()) as { n?: { totalCount?: [number][] } };
  return body.n?.totalCount?.[0]?.[0] ?? 0;
};

export const bench: Bench = async (report) => {
  await using server = await startServer();
  const deviceIds = Array.from({ length: CLIENTS }, (_, n) => `bench-${n}`);
  for (const id of deviceIds) await register(server.url, id);
  const { perSecond, p50, p95, p99 } = await load(server.mqttPort, deviceIds);
  report({ metric: `durable QoS 1 messages, ${CLIENTS} clients`, value: perSecond, unit: '/s' });
  for (const [name, value] of Object.entries({ p50, p95, p99 }))
    report({ metric: `PUBACK ${name}, ${IN_FLIGHT} in flight a client`, value, unit: 'ms' });
  const kept = (await Promise.all(deviceIds.map((id) => historyRows(server.url, id)))).reduce(
    (a, b) => a + b,
    0,
  );
  report({
    metric: 'in the history afterwards',
    value: kept,
    unit: 'messages',
    against: 'messages acknowledged',
    ratio: kept / MESSAGES,
  });
};
