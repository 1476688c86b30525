import { paths, useApi, useChanges, type StreamState } from '#platform/ui/web';
import type { Device } from '../api.ts';

const POLL_MS = 3_000; // only while the live stream is not there

type Instance = {
  readonly value?: unknown;
  readonly unitCode?: string;
  readonly observedAt?: string;
};

/** One attribute that a device has reported. */
export type Reported = {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly at: string;
};

/** Follows the entity of a device: what it has reported, newest first. */
export function useArrival(device: Device | undefined): {
  reported: readonly Reported[];
  stream: StreamState;
} {
  const id = device?.entity ?? '';
  const path = paths.api.entity(id);
  const stream = useChanges({
    types: device ? [device.entityType] : [],
    enabled: device !== undefined,
    onChanges: (changes) => {
      if (changes.some((change) => change.id === id)) void refetch();
    },
    onReload: () => void refetch(),
  });
  const { data, refetch } = useApi<Record<string, unknown>>(path, {
    enabled: device !== undefined,
    ...(stream === 'live' ? {} : { refreshMs: POLL_MS }),
  });
  const reported = data ? listReported(data) : [];
  return { reported, stream };
}

/** What the register says of a device has no time of observation; what the device said has one. */
function listReported(entity: Readonly<Record<string, unknown>>): Reported[] {
  return Object.entries(entity)
    .flatMap(([name, attribute]) => {
      const instance = (Array.isArray(attribute) ? attribute[0] : attribute) as Instance | null;
      if (typeof instance !== 'object' || !instance?.observedAt) return [];
      const { value, unitCode = '', observedAt } = instance;
      return [{ name, value: textOf(value), unit: unitCode, at: observedAt }];
    })
    .sort((a, b) => b.at.localeCompare(a.at));
}

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { coordinates } = value as { coordinates?: unknown };
  return Array.isArray(coordinates) ? coordinates.join(', ') : JSON.stringify(value);
}
