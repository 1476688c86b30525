import type { FastifyRequest } from 'fastify';
import type { Contexts } from '../jsonld/contexts.ts';
import { CORE_CONTEXT_URL } from '../jsonld/core-context.ts';
import { servedId } from '../jsonld/flatten.ts';
import { servedUrl } from './context-routes.ts';

type Needs = { contexts: Contexts; publicUrl: string | undefined };
type Endpoint = { notification?: { endpoint?: { accept?: unknown } }; jsonldContext?: unknown };

/** Whether one Link header can say it: nothing beside the core context, or one address. */
const hasAddress = (context: unknown): boolean => {
  const parts = (Array.isArray(context) ? context : [context ?? []].flat()).filter(
    (part) => typeof part !== 'string' || !CORE_CONTEXT_URL.test(part),
  );
  return parts.length === 0 || (parts.length === 1 && typeof parts[0] === 'string');
};

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
  if (jsonldContext !== undefined || accept !== 'application/json' || hasAddress(context))
    return context;
  const id = await contexts.add({ '@context': context }, 'ImplicitlyCreated', tenant);
  return servedUrl(request, publicUrl, id);
};

/** One that was made for a subscription goes when nobody names it any more. */
export const dropAddress = async (context: unknown, { contexts }: Needs): Promise<void> => {
  const id = typeof context === 'string' ? servedId(context) : undefined;
  if (id !== undefined) await contexts.removeUnused(id, context as string);
};
