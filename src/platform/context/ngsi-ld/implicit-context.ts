import type { FastifyRequest } from 'fastify';
import type { Contexts } from '../jsonld/contexts.ts';
import { linkOf } from '../jsonld/address.ts';
import { servedId } from '../jsonld/flatten.ts';
import { servedUrl } from './context-routes.ts';

type Needs = { contexts: Contexts; publicUrl: string | undefined };
type Endpoint = { notification?: { endpoint?: { accept?: unknown } }; jsonldContext?: unknown };

/**
 * Clause 5.13.1: notifications in plain JSON name their context by an address. One that has none, because it is a list or
 * stands in the body, is served by us. Answers the context to keep with the subscription.
 */
export const withAddress = async (
  request: FastifyRequest,
  context: unknown,
  tenant: string,
  { contexts, publicUrl }: Needs,
): Promise<unknown> => {
  const { notification, jsonldContext } = (request.body ?? {}) as Endpoint;
  const accept = notification?.endpoint?.accept ?? 'application/json';
  if (jsonldContext !== undefined || accept !== 'application/json' || linkOf(context) !== undefined)
    return context;
  const id = await contexts.add({ '@context': context }, 'ImplicitlyCreated', tenant);
  return servedUrl(request, publicUrl, id);
};

/** One that was made for a subscription goes when nobody names it any more. */
export const dropAddress = async (context: unknown, { contexts }: Needs): Promise<void> => {
  const id = typeof context === 'string' ? servedId(context) : undefined;
  if (id !== undefined) await contexts.removeUnused(id, context as string);
};
