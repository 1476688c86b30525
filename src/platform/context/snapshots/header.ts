import type { FastifyRequest } from 'fastify';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { tenantOf } from '../ngsi-ld/asked.ts';
import { checkIds } from '../ngsi-ld/question-parameters.ts';
import type { Snapshots } from './snapshots.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The space of the snapshot that is asked, in the place of the tenant. */
    space: string | undefined;
  }
}

const HEADER = 'ngsild-snapshot';
/** What a snapshot has: the core and temporal APIs (table 4.3.5-1). */
const APPLIES = /\/(?:entities|entityOperations|entityMaps|types|attributes|temporal)(?:\/|\?|$)/;
const OWN = /\/snapshots(?:\/|\?|$)/;

const idOf = ({ headers, url }: FastifyRequest): string | undefined => {
  const id = headers[HEADER];
  if (id === undefined || OWN.test(url)) return undefined;
  if (typeof id !== 'string')
    throw new Refusal('invalid', 'One snapshot at a time (clause 6.3.22).');
  if (!APPLIES.test(url))
    throw new Refusal(
      'not-implemented',
      'A snapshot has no subscriptions, registrations or contexts.',
    );
  return checkIds([id])[0];
};

/** Has requests with the header NGSILD-Snapshot asked of that snapshot alone (clauses 5.5.15 and 6.3.22). */
export const enterSnapshots = (app: App, snapshots: Snapshots): void => {
  app.decorateRequest('space', undefined);
  app.addHook('preHandler', async (request, reply) => {
    const id = idOf(request);
    if (id === undefined) return;
    request.space = await snapshots.enter(id, tenantOf(request));
    reply.header(HEADER, id);
  });
};
