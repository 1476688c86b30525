import { randomBytes } from 'node:crypto';
import { Refusal } from '#kernel/errors';
import type { Kernel } from '#kernel/module';
import { toInstant } from '#kernel/time';
import type { Context } from '#platform/context';
import type { Device } from './contract.ts';
import type { sensingEvents } from './events.ts';
import type { Registration } from './registration.ts';
import type { SensingTables } from './tables.ts';

/** Anyone may try: so few at once that they cannot crowd the map. */
const SANDBOX_DEVICES_MAX = 200;
export const SANDBOX_HOURS = 24;
export const SANDBOX_PER_MINUTE_MAX = 5;
const EXPIRED_PER_LOOK_MAX = 100;

type SandboxKernel = Pick<Kernel<SensingTables, typeof sensingEvents>, 'clock' | 'db'>;

/** Devices for newcomers: registered by anyone, gone with their entities after a day. */
export const openSandbox = (
  kernel: SandboxKernel,
  context: Context,
  registration: Registration,
) => ({
  add: async (
    wish: { readonly name?: string; readonly location?: { lon: number; lat: number } },
    address: string,
  ): Promise<{ device: Device; secret: string; curl: string }> => {
    const { count } = await kernel.db
      .selectFrom('devices')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('sandbox', '=', true)
      .executeTakeFirstOrThrow();
    if (count >= SANDBOX_DEVICES_MAX)
      throw new Refusal(
        'too-many',
        `All ${SANDBOX_DEVICES_MAX} trial devices are taken. Each ends after ${SANDBOX_HOURS} hours.`,
      );
    const id = `sandbox-${randomBytes(6).toString('hex')}`;
    const { device, secret } = await registration.register({
      id,
      name: { zh: wish.name ?? '试用设备', en: wish.name ?? 'Trial device' },
      class: 'I20.4/trial',
      entity: `urn:ngsi-ld:Device:${id}`,
      entityType: 'Device',
      sandbox: true,
      expiresAt: toInstant(kernel.clock.now().getTime() + SANDBOX_HOURS * 3_600_000),
      ...(wish.location ? { location: wish.location } : {}),
    });
    const curl =
      `curl -X POST ${address}/api/sensing/devices/${id}/readings -H 'Authorization: Bearer ${secret}' ` +
      `-H 'Content-Type: application/json' -d '{"temperature": 21.5, "location": [121.5575, 29.8745]}'`;
    return { device, secret, curl };
  },

  /** Ends what is over: first the entity, then the device, so that a crash in between leaves nothing behind. */
  expire: async (): Promise<number> => {
    const rows = await kernel.db
      .selectFrom('devices')
      .select(['id', 'entity'])
      .where('sandbox', '=', true)
      .where('expires_at', '<', toInstant(kernel.clock.now()))
      .orderBy('expires_at')
      .limit(EXPIRED_PER_LOOK_MAX)
      .execute();
    if (rows.length === 0) return 0;
    await context.write(rows.map(({ entity }) => ({ kind: 'delete', id: entity })));
    await kernel.db
      .deleteFrom('devices')
      .where(
        'id',
        'in',
        rows.map((row) => row.id),
      )
      .execute();
    return rows.length;
  },
});
export type Sandbox = ReturnType<typeof openSandbox>;
