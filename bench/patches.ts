import autocannon from 'autocannon';
import { entityId } from './entities.ts';

const CONNECTIONS = 64;
const REQUESTS = 200;
/** Those that the requests go to must be there. */
export const PATCHED = 2_000;

/** Single PATCH requests, 64 at once, each connection over entities of its own choice; as many as it can, or `perSecond`. */
export const patches = (url: string, seconds: number, perSecond?: number) =>
  autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    ...(perSecond === undefined ? {} : { overallRate: Math.round(perSecond) }),
    setupClient: (client) => {
      const first = Math.floor(Math.random() * PATCHED);
      client.setRequests(
        Array.from({ length: REQUESTS }, (_, i) => ({
          method: 'PATCH' as const,
          path: `/ngsi-ld/v1/entities/${entityId((first + i * 7) % PATCHED)}`,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ reading: { value: i, observedAt: new Date().toISOString() } }),
        })),
      );
    },
  });
