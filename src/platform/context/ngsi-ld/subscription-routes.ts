import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from '#kernel/http';
import { checkId } from '../entity/parse.ts';
import { presentSubscription } from '../subscriptions/present.ts';
import { acceptedOf, type Asked, readAsked, sendLd } from './asked.ts';
import type { Door } from './door.ts';
import { dropAddress, withAddress } from './implicit-context.ts';
import { PAGING, pagingOf, sendPaging } from './paging.ts';
import { checkOptions, optionsOf, locationOf } from './parameters.ts';
import { minorPreferred } from './show.ts';

const READ = { action: 'context.subscription.read' };
const WRITE = { action: 'context.subscription.write' };
const Text = Type.Optional(Type.String());
const Path = Type.Object({ subscriptionId: Type.String() });
const Nothing = Type.Object({}, { additionalProperties: false });
const Shown = Type.Object({ options: Text }, { additionalProperties: false });
const Listed = Type.Object({ ...PAGING, options: Text }, { additionalProperties: false });

/** The context that a body or a Link header brought: notifications speak by it (clause 5.8.1.4). */
const contextOf = ({ body }: FastifyRequest, { link }: Asked): unknown =>
  (body as { '@context'?: unknown } | null)?.['@context'] ?? link;

const idOf = (request: { params: { subscriptionId: string } }): string =>
  checkId(request.params.subscriptionId, 'subscriptionId');

/** Clause 4.3.6.8 amends entities alone: a subscription is the same in every version. */
const sendPreference = (request: FastifyRequest, reply: FastifyReply) => {
  const minor = minorPreferred(request);
  if (minor !== undefined) reply.header('preference-applied', `ngsi-ld=1.${minor}`);
};

/**
 * `/subscriptions`: clauses 5.8.1–5.8.5, 6.10 and 6.11; and the same of subscriptions to registrations,
 * `/csourceSubscriptions`: clauses 5.11.2–5.11.6, 6.12 and 6.13.
 */
export const addSubscriptionRoutes = (
  app: App,
  door: Pick<Door, 'contexts' | 'publicUrl' | 'clock' | 'subscriptions'>,
  at: 'subscriptions' | 'csourceSubscriptions' = 'subscriptions',
) => {
  const { contexts, clock, subscriptions } = door;
  const present = (sysAttrs: boolean, { names }: Asked) => {
    const now = clock.now();
    return (found: Parameters<typeof presentSubscription>[0]) =>
      presentSubscription(found, names, now, sysAttrs);
  };
  /** A context that cannot be had is refused now, not when the first notification is due. */
  const checkContext = (body: unknown) =>
    contexts.namesOf((body as { jsonldContext?: string } | null)?.jsonldContext);

  // 5.8.1 / 6.10.3.1 and 5.11.2 / 6.12.3.1
  app.post(
    `/${at}`,
    { config: WRITE, schema: { querystring: Nothing } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      await checkContext(asked.body);
      const context = await withAddress(request, contextOf(request, asked), asked.tenant, door);
      const id = await subscriptions
        .add(asked.body, { ...asked, context, actor: request.actor })
        .catch(async (error: unknown) => {
          await dropAddress(context, door);
          throw error;
        });
      return reply.code(201).header('location', locationOf(at, id)).send();
    },
  );

  // 5.8.4 / 6.10.3.2 and 5.11.5 / 6.12.3.2
  app.get(`/${at}`, { config: READ, schema: { querystring: Listed } }, async (request, reply) => {
    const asked = await readAsked(request, contexts);
    const accepted = acceptedOf(request);
    const options = optionsOf(request.query);
    checkOptions(options, ['sysAttrs', 'count']);
    const paging = pagingOf(request.query, options);
    const found = await subscriptions.list(asked.tenant, paging.limit + 1, paging.offset);
    sendPaging(request, reply, accepted, paging, {
      more: found.length > paging.limit && paging.limit > 0,
      ...(paging.count ? { count: await subscriptions.count(asked.tenant) } : {}),
    });
    sendPreference(request, reply);
    const page = found.slice(0, paging.limit).map(present(options.has('sysAttrs'), asked));
    return sendLd(reply, accepted, asked, page);
  });

  // 5.8.3 / 6.11.3.1 and 5.11.4 / 6.13.3.1
  app.get(
    `/${at}/:subscriptionId`,
    { config: READ, schema: { params: Path, querystring: Shown } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const accepted = acceptedOf(request);
      const options = optionsOf(request.query);
      checkOptions(options, ['sysAttrs']);
      const found = await subscriptions.get(idOf(request), asked.tenant);
      sendPreference(request, reply);
      return sendLd(reply, accepted, asked, present(options.has('sysAttrs'), asked)(found));
    },
  );

  // 5.8.2 / 6.11.3.2 and 5.11.3 / 6.13.3.2
  app.patch(
    `/${at}/:subscriptionId`,
    { config: WRITE, schema: { params: Path, querystring: Nothing } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      await checkContext(asked.body);
      await subscriptions.update(idOf(request), asked.body, { ...asked, actor: request.actor });
      return reply.code(204).send();
    },
  );

  // 5.8.5 / 6.11.3.3 and 5.11.6 / 6.13.3.3
  app.delete(
    `/${at}/:subscriptionId`,
    { config: WRITE, schema: { params: Path, querystring: Nothing } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const id = idOf(request);
      const { context } = await subscriptions.get(id, asked.tenant);
      await subscriptions.remove(id, asked.tenant);
      await dropAddress(context, door);
      return reply.code(204).send();
    },
  );
};
