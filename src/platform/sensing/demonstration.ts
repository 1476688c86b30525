import type { Kernel } from '#kernel/module';
import type { Registers } from '#platform/registers';
import type { sensingEvents } from './events.ts';
import { findDevice } from './devices.ts';
import type { Registration } from './registration.ts';
import { type DemoDevice, toDemoDevices } from './simulator/demo-device.ts';
import { openLocalHours } from './simulator/local-hours.ts';
import { runSimulator, stretchOf } from './simulator/run.ts';
import type { SensingTables } from './tables.ts';

const SEED = 1;

type DemoKernel = Pick<Kernel<SensingTables, typeof sensingEvents>, 'clock' | 'db' | 'log'>;

/** The made-up devices of the city, seed fixed: the same day looks the same on every machine. */
export const demoDevicesOf = (registers: Pick<Registers, 'demonstration' | 'city'>): DemoDevice[] =>
  toDemoDevices(registers.demonstration(), openLocalHours(registers.city().timeZone), SEED);

/** Runs the demonstration inside the house, through its own MQTT door. */
export const openDemonstration = (
  { clock, db, log }: DemoKernel,
  registration: Registration,
  devices: readonly DemoDevice[],
  rate: number,
) => {
  const ended = new AbortController();
  let running: Promise<void> = Promise.resolve();

  /** A device that slows down with the rate is expected that much later. */
  const stretch = Math.max(1, stretchOf(devices, rate));
  const secretOf = async ({ registration: wanted }: DemoDevice): Promise<string> => {
    const expectedSeconds = Math.ceil((wanted.expectedSeconds ?? 60) * stretch);
    const now = clock.now().toISOString();
    const before = await findDevice(db, wanted.id, now);
    if (!before) return (await registration.register({ ...wanted, expectedSeconds })).secret;
    if (before.expectedSeconds !== expectedSeconds)
      await registration.change(wanted.id, { expectedSeconds });
    return (await registration.rotate(wanted.id)).secret;
  };

  return {
    start: (url: string) => {
      running = runSimulator({ url, devices, rate, log, signal: ended.signal, secretOf, clock });
    },
    stop: async () => {
      ended.abort();
      await running;
    },
  };
};
