import type { Sql } from '#kernel/database';
import { hashSecret, newSecret } from '#kernel/ids';
import type { Kernel } from '#kernel/module';
import { toInstant } from '#kernel/time';
import { type Act, type Audit, type By, BY_SYSTEM } from '#platform/audit';
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
  audit: Pick<Audit, 'record'>,
) => {
  const now = () => toInstant(kernel.clock.now());
  const note = (sql: Sql, by: By, action: string, device: string, facts: Partial<Act> = {}) =>
    audit.record(sql, {
      ...by,
      action: `sensing.device-${action}`,
      subject: { kind: 'device', id: device },
      outcome: 'done',
      ...facts,
    });

  const describe = async (device: Described) => {
    await context.write([toDescription(device, context.nameOf)]);
  };

  return {
    describe,

    register: async (
      added: AddedDevice,
      by: By = BY_SYSTEM,
    ): Promise<{ device: Device; secret: string }> => {
      const secret = newSecret('device');
      const at = now();
      await kernel.transact(async ({ db, sql, emit }) => {
        await addDevice(db, added, hashSecret(secret), at);
        await note(sql, by, 'registered', added.id, { after: added });
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

    change: async (id: string, change: DeviceChange, by: By): Promise<Device> => {
      const before = await kernel.transact(async ({ db, sql }) => {
        const was = await getDevice(db, id, now());
        await changeDevice(db, id, change);
        const after = await getDevice(db, id, now());
        await note(sql, by, 'changed', id, { before: was, after });
        return was;
      });
      known.forget(id);
      const device = await getDevice(kernel.db, id, now());
      if (change.name || change.location || change.owner) await describe({ ...before, ...device });
      return device;
    },

    /** A new secret; the old one is worth nothing from now on. */
    rotate: async (id: string, by: By = BY_SYSTEM): Promise<{ device: Device; secret: string }> => {
      const device = await getDevice(kernel.db, id, now());
      const secret = newSecret('device');
      await kernel.transact(async ({ db, sql }) => {
        await setSecret(db, id, hashSecret(secret));
        await note(sql, by, 'given-a-new-key', id);
      });
      known.forget(id);
      return { device, secret };
    },

    revoke: async (id: string, by: By): Promise<void> => {
      await kernel.transact(async ({ db, sql }) => {
        const before = await getDevice(db, id, now());
        await revokeDevice(db, id, now());
        await note(sql, by, 'revoked', id, { before, after: await getDevice(db, id, now()) });
      });
      known.forget(id);
    },
  };
};
export type Registration = ReturnType<typeof openRegistration>;
