import mqtt from 'mqtt';
import { percentiles } from './percentiles.ts';

/** Publishes at QoS 1 as fast as acknowledgements come, and writes what it measured to standard output. */
const { port, deviceIds, messages, inFlight } = JSON.parse(process.env['LOAD'] ?? '{}') as {
  port: number;
  deviceIds: string[];
  messages: number;
  inFlight: number;
};

const times: number[] = [];
const clients = await Promise.all(
  deviceIds.map((id) =>
    mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: id, reconnectPeriod: 0 }),
  ),
);
const each = messages / deviceIds.length;
const began = performance.now();
await Promise.all(
  clients.map(async (client, c) => {
    let sent = 0;
    await Promise.all(
      Array.from({ length: inFlight }, async () => {
        while (sent < each) {
          const n = sent++;
          const start = performance.now();
          await client.publishAsync(
            `devices/${deviceIds[c]}/readings`,
            `{"n":${n},"pm25":${n % 100},"mid":"${n}"}`,
            { qos: 1 },
          );
          times.push(performance.now() - start);
        }
      }),
    );
  }),
);
const seconds = (performance.now() - began) / 1000;
await Promise.all(clients.map((client) => client.endAsync()));
process.stdout.write(JSON.stringify({ perSecond: messages / seconds, ...percentiles(times) }));
process.exit(0);
