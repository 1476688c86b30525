import { setTimeout as pause } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import type { Logger } from '#kernel/log';
import { type Clock, systemClock } from '#kernel/time';
import { readingsTopic } from '../mqtt/topics.ts';
import type { DemoDevice } from './demo-device.ts';

const LOOK_MS = 50;
/** So many connections are opened at once: devices do not all wake in the same instant. */
const CONNECTING_MAX = 8;
const RECONNECT_MS = 2000;
/** A device whose readings are not acknowledged stops speaking until they are. */
const UNANSWERED_MAX = 20;

export type Simulation = {
  /** Where the MQTT door is: mqtt://127.0.0.1:1883. */
  readonly url: string;
  readonly devices: readonly DemoDevice[];
  /**
   * Readings a second of all devices together; each speaks more or less often than its kind says, in proportion. Asked
   * again and again, so that it may change; 0 is silence.
   */
  readonly rate: () => number;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly signal: AbortSignal;
  /** Makes the device known and answers its secret; undefined where the door asks for none. */
  readonly secretOf: (device: DemoDevice) => Promise<string | undefined>;
  readonly clock?: Clock;
  /** Told of each acknowledged reading. */
  readonly acknowledged?: () => void;
};

type Speaker = {
  readonly device: DemoDevice;
  readonly client: MqttClient;
  readonly n: number;
  dueMs: number;
  unanswered: number;
};

/** How much longer than its own interval each device waits, so that all together keep the rate. */
export const stretchOf = (
  devices: readonly Pick<DemoDevice, 'intervalSeconds'>[],
  rate: number,
): number => devices.reduce((sum, { intervalSeconds }) => sum + 1 / intervalSeconds, 0) / rate;

/** Lets made-up devices speak through the real MQTT door, each with a connection and credentials of its own, until `signal`. */
export const runSimulator = async ({
  url,
  devices,
  rate,
  log,
  signal,
  secretOf,
  clock = systemClock,
  acknowledged = () => {},
}: Simulation): Promise<void> => {
  /** How long a device waits between two readings at the rate of this moment; for ever at none. */
  const everyMs = ({ intervalSeconds }: DemoDevice) =>
    intervalSeconds * stretchOf(devices, rate()) * 1000;
  const speakers: Speaker[] = [];

  /** Spreads the devices over the interval by a number that has nothing to do with their kind. */
  const plan = (speaker: Speaker) => {
    speaker.dueMs =
      clock.now().getTime() + everyMs(speaker.device) * ((speaker.n * 0.618_034 + 0.001) % 1);
  };

  const connect = async (device: DemoDevice, n: number): Promise<void> => {
    const secret = await secretOf(device);
    if (signal.aborted) return;
    const { id } = device.registration;
    const client = mqtt.connect(url, {
      clientId: `demo-${id}`,
      username: id,
      ...(secret === undefined ? {} : { password: secret }),
      reconnectPeriod: RECONNECT_MS,
      reconnectOnConnackError: false,
      queueQoSZero: false,
    });
    client.on('error', (error) => log.warn({ err: error, device: id }, 'demonstration device'));
    const speaker = { device, client, n, dueMs: 0, unanswered: 0 };
    plan(speaker);
    speakers.push(speaker);
  };

  const connectAll = async () => {
    const left = devices.entries();
    const worker = async () => {
      for (const [n, device] of left)
        if (!signal.aborted)
          await connect(device, n).catch((error: unknown) =>
            log.warn(
              { err: error, device: device.registration.id },
              'demonstration device cannot be registered',
            ),
          );
    };
    await Promise.all(Array.from({ length: CONNECTING_MAX }, worker));
    if (!signal.aborted)
      log.info({ devices: speakers.length, rate: rate() }, 'demonstration devices speak');
  };

  const speak = (speaker: Speaker, now: number) => {
    const { client, device } = speaker;
    speaker.dueMs = Math.max(speaker.dueMs, now - LOOK_MS) + everyMs(device);
    if (!client.connected || speaker.unanswered >= UNANSWERED_MAX) return;
    speaker.unanswered++;
    const payload = JSON.stringify(device.payloadAt(now));
    client.publish(readingsTopic(device.registration.id), payload, { qos: 1 }, (error) => {
      speaker.unanswered--;
      if (!error) acknowledged();
    });
  };

  const connecting = connectAll();
  let planned = rate();
  while (!signal.aborted) {
    if (planned !== rate()) {
      planned = rate();
      for (const speaker of speakers) plan(speaker);
    }
    const now = clock.now().getTime();
    for (const speaker of speakers) if (speaker.dueMs <= now) speak(speaker, now);
    await pause(LOOK_MS, undefined, { signal }).catch(() => {});
  }
  await connecting;
  await Promise.all(speakers.map(({ client }) => client.endAsync(true)));
};
