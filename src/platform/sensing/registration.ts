import { hashSecret, newSecret } from '#kernel/ids';
import type { Kernel } from '#kernel/module';
import { toInstant } from '#kernel/time';
import type { Context, Instance, Operation } from '#platform/context';
import type { Device, DeviceChange } from './contract.ts';
import {
  type AddedDevice,
  addDevice,
  changeDevice,
  getDevice,
  revokeDevice,
  setSecret,
} from './devices.ts';
import type { sensingEvents } from './events.ts';
import type { KnownDevices } from './known-devices.ts';
import type { SensingTables } from './tables.ts';

type Described = Pick<Device, 'name' | 'entity' | 'entityType' | 'class' | 'demo'> &
  Pick<AddedDevice, 'location' | 'owner' | 'system' | 'district'>;

/** What is known of an entity before its device has spoken: it stands on the map at once, and is labelled when it is a demonstration. */
const toDescription = (
  { name, entity, entityType, demo, location, ...texts }: Described,
  nameOf: (short: string) => string,
): Operation => {
  const attributes: Record<string, readonly Instance[]> = {
    [nameOf('name')]: [{ type: 'LanguageProperty', languageMap: { zh: name.zh, en: name.en } }],
  };
  if (demo) attributes[nameOf('demo')] = [{ type: 'Property', value: true }];
  const { class: infrastructureClass, owner, system, district } = texts;
  for (const [short, value] of Object.entries({ infrastructureClass, owner, system, district }))
    if (value) attributes[nameOf(short)] = [{ type: 'Property', value }];
  if (location)
    attributes[nameOf('location')] = [
      { type: 'GeoProperty', value: { type: 'Point', coordinates: [location.lon, location.lat] } },
    ];
  return {
    kind: 'merge',
    orCreate: true,
    entity: { id: entity, types: [nameOf(entityType)], attributes },
  };
};

/** The book of devices: who may speak, for which entity, and with which secret. */
export const openRegistration = (
  kernel: Kernel<SensingTables, typeof sensingEvents>,
  context: Context,
  known: KnownDevices,
) => {
  const now = () => toInstant(kernel.clock.now());

  const describe = async (device: Described) => {
    await context.write([toDescription(device, context.nameOf)]);
  };

  return {
    describe,

    register: async (added: AddedDevice): Promise<{ device: Device; secret: string }> => {
      const secret = newSecret('device');
      const at = now();
      await kernel.transact(async ({ db, emit }) => {
        await addDevice(db, added, hashSecret(secret), at);
        emit('sensing.device-registered', added.id, {
          device: added.id,
          entity: added.entity,
          class: added.class,
          demo: added.demo ?? false,
          sandbox: added.sandbox ?? false,
          at,
        });
      });
      known.forget(added.id);
      await describe({ ...added, demo: added.demo ?? false });
      return { device: await getDevice(kernel.db, added.id, at), secret };
    },

    change: async (id: string, change: DeviceChange): Promise<Device> => {
      const before = await getDevice(kernel.db, id, now());
      await changeDevice(kernel.db, id, change);
      known.forget(id);
      const device = await getDevice(kernel.db, id, now());
      if (change.name || change.location || change.owner) await describe({ ...before, ...device });
      return device;
    },

    /** A new secret; the old one is worth nothing from now on. */
    rotate: async (id: string): Promise<{ device: Device; secret: string }> => {
      const device = await getDevice(kernel.db, id, now());
      const secret = newSecret('device');
      await setSecret(kernel.db, id, hashSecret(secret));
      known.forget(id);
      return { device, secret };
    },

    revoke: async (id: string): Promise<void> => {
      await getDevice(kernel.db, id, now());
      await kernel.transact(({ db }) => revokeDevice(db, id, now()));
      known.forget(id);
    },
  };
};
export type Registration = ReturnType<typeof openRegistration>;
