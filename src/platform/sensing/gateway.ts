import type { Actor } from '#kernel/actor';
import { Refusal } from '#kernel/errors';
import { hashSecret } from '#kernel/ids';
import type { Kernel } from '#kernel/module';
import type { Audit } from '#platform/audit';
import type { Context } from '#platform/context';
import { findDevice } from './devices.ts';
import type { sensingEvents } from './events.ts';
import { openIntake } from './intake.ts';
import { openKnownDevices } from './known-devices.ts';
import { openPresence } from './presence.ts';
import { openRegistration } from './registration.ts';
import { openSandbox } from './sandbox.ts';
import type { SensingTables } from './tables.ts';

/** The parts of the device gateway, joined. */
export const openGateway = (
  kernel: Kernel<SensingTables, typeof sensingEvents>,
  context: Context,
  audit: Pick<Audit, 'record'>,
) => {
  const known = openKnownDevices(kernel.database, kernel.clock, context.nameOf);
  const presence = openPresence(kernel.database, kernel.log);
  const registration = openRegistration(kernel, context, known, audit);
  const sandbox = openSandbox(kernel, context, registration);

  /** An entity that somebody deleted comes back with its next reading, and then with its name and its label. */
  const describe = async (id: string) => {
    const device = await findDevice(kernel.db, id, kernel.clock.now().toISOString());
    if (device) await registration.describe(device);
  };
  const intake = openIntake({
    context,
    presence,
    metrics: kernel.metrics,
    clock: kernel.clock,
    created: ({ id }) => {
      describe(id).catch((error: unknown) =>
        kernel.log.warn({ err: error, device: id }, 'entity not described'),
      );
    },
  });

  /** Readings of one device by its id. Throws Refusal('not-found') where there is none that may speak. */
  const take = async (id: string, payloads: readonly unknown[]): Promise<void> => {
    const device = await known.find(id);
    if (!device) {
      intake.refuse(
        id,
        'http',
        `There is no device ${id}, or it was revoked.`,
        JSON.stringify(payloads[0]) ?? '',
      );
      throw new Refusal('not-found', `There is no device ${id}, or it was revoked.`, {
        device: id,
      });
    }
    await intake.take(device, payloads, 'http');
  };

  const findDeviceBySecret = async (secret: string): Promise<Actor | undefined> => {
    const device = await known.findBySecretHash(hashSecret(secret));
    return (
      device && { kind: 'device', id: device.id, name: device.name.en, roles: ['anyone', 'device'] }
    );
  };

  return {
    audit,
    kernel,
    context,
    known,
    presence,
    registration,
    sandbox,
    intake,
    take,
    findDeviceBySecret,
  };
};
export type Gateway = ReturnType<typeof openGateway>;
