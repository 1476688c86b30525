import { convertUnit } from '#kernel/units';
import type { Demonstration } from '#platform/registers';
import type { NewDevice } from '../contract.ts';
import { valueOf } from './behaviours.ts';
import { openChance } from './chance.ts';
import { openMovement } from './movement.ts';

/** A made-up device: how the register describes it, how often it speaks, and what it says at a moment. */
export type DemoDevice = {
  readonly registration: NewDevice;
  readonly intervalSeconds: number;
  readonly payloadAt: (ms: number) => Readonly<Record<string, unknown>>;
};

const speedIn = (kmh: number, unit: string | undefined) =>
  unit === undefined ? kmh : convertUnit(kmh, 'KMH', unit);

/** The devices of a city's demonstration; `localHours` tells the hours since 1970 on the city's clocks. */
export const toDemoDevices = (
  { kinds, routes, devices }: Demonstration,
  localHours: (ms: number) => number,
  seed: number,
): DemoDevice[] =>
  devices.map((device) => {
    const kind = kinds[device.kind]!;
    const id = `demo-${device.id}`;
    const { movement, scale = 1 } = device;
    const motionAt =
      movement && openMovement(routes[movement.route]!, movement.speedKmh, movement.start);
    const quantities = kind.quantities.map((quantity) => ({
      ...quantity,
      chance: openChance(seed, `${id}/${quantity.attribute}`),
    }));
    return {
      registration: {
        id,
        name: device.name,
        class: `${kind.class}/${device.kind}`,
        entity: `urn:ngsi-ld:${kind.entityType}:${id}`,
        entityType: kind.entityType,
        owner: device.owner,
        system: kind.group,
        district: device.district,
        location: { lon: device.location[0], lat: device.location[1] },
        expectedSeconds: kind.intervalSeconds,
        demo: true,
      },
      intervalSeconds: kind.intervalSeconds,
      payloadAt: (ms) => {
        const motion = motionAt?.(ms);
        const sample = Math.floor(ms / (kind.intervalSeconds * 1000));
        const moment = { ms, localHours: localHours(ms), sample, ...(motion ? { motion } : {}) };
        const payload: Record<string, unknown> = { observedAt: new Date(ms).toISOString() };
        for (const { attribute, unit, decimals, behaviour, chance } of quantities) {
          const said = valueOf(behaviour, scale, moment, chance);
          if (said === undefined) continue;
          const isSpeed = behaviour.kind === 'movement' && behaviour.of === 'speed';
          const value =
            typeof said === 'number'
              ? Number((isSpeed ? speedIn(said, unit) : said).toFixed(decimals))
              : said;
          payload[attribute] = unit === undefined ? value : { value, unitCode: unit };
        }
        if (motion) payload['location'] = motion.position;
        return payload;
      },
    };
  });
