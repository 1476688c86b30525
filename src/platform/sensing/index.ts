import type { Actor } from '#kernel/actor';
import { port } from '#kernel/module';
import type { Device, NewDevice } from './contract.ts';

export {
  Device,
  DeviceBack,
  DeviceChange,
  DeviceClass,
  DeviceRegistered,
  DeviceSilent,
  DeviceStatus,
  Mapping,
  NewDevice,
} from './contract.ts';
export { demoDevicesOf } from './demonstration.ts';
export type { DemoDevice } from './simulator/demo-device.ts';
export { secretOverHttp } from './simulator/http-secrets.ts';
export { runSimulator, type Simulation } from './simulator/run.ts';

export type Sensing = {
  /** The device that carries this secret, for the gate; undefined where nobody does, or it was revoked or has expired. */
  readonly findDeviceBySecret: (secret: string) => Promise<Actor | undefined>;
  readonly find: (id: string) => Promise<Device | undefined>;
  /** Registers a device and answers the secret that it carries; only its hash is kept. Throws Refusal('conflict' | 'invalid'). */
  readonly register: (device: NewDevice) => Promise<{ device: Device; secret: string }>;
  /**
   * Takes readings of one device into its entity, answered after the commit. All or none: throws Refusal('invalid')
   * naming the first reading at fault, 'not-found' for an unknown device, 'unavailable' where the database is.
   */
  readonly take: (device: string, payloads: readonly unknown[]) => Promise<void>;
  /** Readings a second that the demonstration of this process sends now; 0 where it is off. */
  readonly demoRate: () => number;
};

export const sensing = port<Sensing>()('sensing');
