import { Refusal } from '#kernel/errors';
import type { Kernel } from '#kernel/module';
import type { Registers } from '#platform/registers';
import { findDevice } from './devices.ts';
import type { sensingEvents } from './events.ts';
import type { Registration } from './registration.ts';
import { type DemoDevice, toDemoDevices } from './simulator/demo-device.ts';
import { openLocalHours } from './simulator/local-hours.ts';
import { runSimulator, stretchOf } from './simulator/run.ts';
import type { SensingTables } from './tables.ts';

const SEED = 1;
export const DEMO_RATE_MAX = 10_000;

type Needs = {
  readonly kernel: Pick<
    Kernel<SensingTables, typeof sensingEvents>,
    'clock' | 'database' | 'db' | 'log'
  >;
  readonly registration: Registration;
};

/** The made-up devices of the city, seed fixed: the same day looks the same on every machine. */
export const demoDevicesOf = (registers: Pick<Registers, 'demonstration' | 'city'>): DemoDevice[] =>
  toDemoDevices(registers.demonstration(), openLocalHours(registers.city().timeZone), SEED);

/** The demonstration inside the house, through its own MQTT door. Its rate may be changed while it runs. */
export const openDemonstration = (
  { kernel: { clock, database, db, log }, registration }: Needs,
  devices: readonly DemoDevice[],
) => {
  const ended = new AbortController();
  let door: string | undefined;
  let running: Promise<void> | undefined;
  let rate = 0;
  let sent = 0;

  /** A device that slows down with the rate is expected that much later. */
  const expectedOf = ({ intervalSeconds }: DemoDevice) =>
    Math.ceil(intervalSeconds * Math.max(1, stretchOf(devices, rate)));

  /** Devices that were switched off are not silent: nobody expects them. */
  const expectNobody = async () => {
    await database.query('update sensing.devices set expected_seconds = null where demo');
    await database.query(
      `update sensing.silences q set closed_at = $1 from sensing.devices d
       where d.id = q.device and d.demo and q.closed_at is null`,
      [clock.now().toISOString()],
    );
  };

  const expectAll = () =>
    database.query(
      `update sensing.devices d set expected_seconds = r.seconds
       from jsonb_to_recordset($1::jsonb) as r (id text, seconds integer) where d.id = r.id and d.demo`,
      [
        JSON.stringify(
          devices.map((device) => ({ id: device.registration.id, seconds: expectedOf(device) })),
        ),
      ],
    );

  const secretOf = async (device: DemoDevice): Promise<string> => {
    const wanted = device.registration;
    const before = await findDevice(db, wanted.id, clock.now().toISOString());
    if (before) return (await registration.rotate(wanted.id)).secret;
    return (await registration.register({ ...wanted, expectedSeconds: expectedOf(device) })).secret;
  };

  const setRate = async (wanted: number): Promise<void> => {
    if (door === undefined)
      throw new Refusal(
        'unavailable',
        'The demonstration runs only in a house of one process (ROLE=all) with its own MQTT door (MQTT_PORT).',
      );
    rate = wanted;
    await (rate > 0 ? expectAll() : expectNobody());
    if (rate > 0)
      running ??= runSimulator({
        url: door,
        devices,
        rate: () => rate,
        log,
        signal: ended.signal,
        secretOf,
        clock,
        acknowledged: () => {
          sent++;
        },
      });
  };

  return {
    state: () => ({ rate, devices: devices.length, sent }),
    setRate,
    start: async (url: string, first: number) => {
      door = url;
      await setRate(first);
    },
    stop: async () => {
      ended.abort();
      await running;
    },
  };
};
export type Demonstration = ReturnType<typeof openDemonstration>;
