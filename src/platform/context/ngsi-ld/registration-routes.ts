import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { byOf } from '#platform/audit';
import { checkId } from '../entity/parse.ts';
import { questionOfParameters } from '../federation/registrations/discovery.ts';
import { matchOf } from '../federation/registrations/match.ts';
import { presentRegistration } from '../federation/registrations/present.ts';
import { acceptedOf, readAsked, sendLd } from './asked.ts';
import type { Door } from './door.ts';
import { PAGING, pagingOf, sendPaging } from './paging.ts';
import { checkOptions, locationOf, optionsOf } from './parameters.ts';

const READ = { action: 'context.registration.read' };
const WRITE = { action: 'context.registration.write' };
const Text = Type.Optional(Type.String());
const Path = Type.Object({ registrationId: Type.String() });
const Nothing = Type.Object({}, { additionalProperties: false });
const Shown = Type.Object({ options: Text }, { additionalProperties: false });
/** Table 6.8.3.2-1. */
const Asked = Type.Object(
  {
    ...PAGING,
    options: Text,
    type: Text,
    id: Text,
    idPattern: Text,
    attrs: Text,
    pick: Text,
    omit: Text,
    q: Text,
    csf: Text,
    georel: Text,
    geometry: Text,
    coordinates: Text,
    geoproperty: Text,
    geometryProperty: Text,
    scopeQ: Text,
    timerel: Text,
    timeAt: Text,
    endTimeAt: Text,
    timeproperty: Text,
    lang: Text,
    local: Text,
  },
  { additionalProperties: false },
);

const idOf = (request: { params: { registrationId: string } }): string =>
  checkId(request.params.registrationId, 'registrationId');

/** The context that a body or a Link header brought: the page of the federation shows names by it. */
const contextOf = ({ body }: FastifyRequest, link: string | undefined): unknown =>
  (body as { '@context'?: unknown } | null)?.['@context'] ?? link;

/** `/csourceRegistrations`: clauses 5.9, 5.10, 6.8 and 6.9. */
export const addRegistrationRoutes = (
  app: App,
  { contexts, clock, registrations, registry }: Door,
) => {
  // 5.9.2 / 6.8.3.1
  app.post(
    '/csourceRegistrations',
    { config: WRITE, schema: { querystring: Nothing } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const context = contextOf(request, asked.link);
      const id = await registrations.add(asked.body, { ...asked, context, by: byOf(request) });
      return reply.code(201).header('location', locationOf('csourceRegistrations', id)).send();
    },
  );

  // 5.10.2 / 6.8.3.2
  app.get(
    '/csourceRegistrations',
    { config: READ, schema: { querystring: Asked } },
    async (request, reply) => {
      const { query } = request;
      const asked = await readAsked(request, contexts);
      const accepted = acceptedOf(request);
      const { names, tenant } = asked;
      const options = optionsOf(query);
      checkOptions(options, ['sysAttrs', 'count']);
      if (query.omit !== undefined)
        throw new Refusal(
          'not-implemented',
          'omit is not there for registrations: what is left is for pick to say.',
        );
      if (query.geometryProperty !== undefined)
        throw new Refusal(
          'invalid',
          'geometryProperty is for application/geo+json, which registrations are not given as.',
        );
      // lang changes nothing: a registration is in no language.
      const paging = pagingOf(query, options);
      const question = questionOfParameters(query, names, tenant, clock.now());
      const known = (await registry.current()).list(tenant);
      const matches = known.flatMap((one) => matchOf(one, question, true) ?? []);
      const { limit, offset } = paging;
      sendPaging(request, reply, accepted, paging, {
        more: matches.length > offset + limit && limit > 0,
        count: matches.length,
      });
      const ids = matches.slice(offset, offset + limit).map(({ registration }) => registration.id);
      const found = ids.length > 0 ? await registrations.list(tenant, ids) : [];
      const sysAttrs = options.has('sysAttrs');
      const shown = found.map((stored) => presentRegistration(stored, names, sysAttrs));
      return sendLd(reply, accepted, asked, shown);
    },
  );

  // 5.10.1 / 6.9.3.1
  app.get(
    '/csourceRegistrations/:registrationId',
    { config: READ, schema: { params: Path, querystring: Shown } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const accepted = acceptedOf(request);
      const options = optionsOf(request.query);
      checkOptions(options, ['sysAttrs']);
      const found = await registrations.get(idOf(request), asked.tenant);
      const sysAttrs = options.has('sysAttrs');
      return sendLd(reply, accepted, asked, presentRegistration(found, asked.names, sysAttrs));
    },
  );

  // 5.9.3 / 6.9.3.2
  app.patch(
    '/csourceRegistrations/:registrationId',
    { config: WRITE, schema: { params: Path, querystring: Nothing } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      await registrations.update(idOf(request), asked.body, { ...asked, by: byOf(request) });
      return reply.code(204).send();
    },
  );

  // 5.9.4 / 6.9.3.3
  app.delete(
    '/csourceRegistrations/:registrationId',
    { config: WRITE, schema: { params: Path, querystring: Nothing } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      await registrations.remove(idOf(request), asked.tenant, byOf(request));
      return reply.code(204).send();
    },
  );
};
