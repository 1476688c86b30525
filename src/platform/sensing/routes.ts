import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { byOf } from '#platform/audit';
import {
  Device,
  DeviceChange,
  DeviceId,
  DeviceStatus,
  DeviceWithSecret,
  KeptMapping,
  Mapping,
  Names,
  NewDevice,
  RefusedMessage,
} from './contract.ts';
import { DEVICES_PAGE_MAX, getDevice, listDevices } from './devices.ts';
import { listMappings, putMapping, removeMapping } from './mappings.ts';
import { listRefusals } from './refusals.ts';
import type { Gateway } from './gateway.ts';

const REFUSALS_PAGE_MAX = 200;
const PAGE_ITEMS = 50;
/** Whoever pages further should ask a narrower question. */
const OFFSET_MAX = 1_000_000;

const Id = Type.Object({ id: DeviceId });
const Nothing = Type.Null();
const tags = ['sensing'];

/** The book of devices and their mappings. */
export const addDeviceRoutes = (
  app: App,
  { audit, kernel, registration, known, presence }: Gateway,
) => {
  const { db } = kernel;
  const now = () => kernel.clock.now().toISOString();
  const see = { config: { action: 'sensing.see' } };
  const keep = { config: { action: 'sensing.keep-register' } };

  app.get(
    '/devices',
    {
      ...see,
      schema: {
        tags,
        summary: 'The register of devices',
        querystring: Type.Object({
          state: Type.Optional(DeviceStatus),
          class: Type.Optional(
            Type.String({ maxLength: 80, description: 'A class or the beginning of one: I20.2' }),
          ),
          q: Type.Optional(Type.String({ maxLength: 100 })),
          limit: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: DEVICES_PAGE_MAX,
              description: `${PAGE_ITEMS} where absent`,
            }),
          ),
          offset: Type.Optional(Type.Integer({ minimum: 0, maximum: OFFSET_MAX })),
        }),
        response: { 200: Type.Object({ total: Type.Integer(), devices: Type.Array(Device) }) },
      },
    },
    ({ query }) => listDevices(db, { limit: PAGE_ITEMS, offset: 0, ...query }, now()),
  );

  app.get(
    '/devices/:id',
    { ...see, schema: { tags, summary: 'One device', params: Id, response: { 200: Device } } },
    (request) => getDevice(db, request.params.id, now()),
  );

  app.post(
    '/devices',
    {
      ...keep,
      schema: {
        tags,
        summary: 'Register a device; the answer holds its secret, which is shown once',
        body: NewDevice,
        response: { 201: DeviceWithSecret },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await registration.register(request.body, byOf(request))),
  );

  app.patch(
    '/devices/:id',
    {
      ...keep,
      schema: {
        tags,
        summary: 'Change what the register says',
        params: Id,
        body: DeviceChange,
        response: { 200: Device },
      },
    },
    (request) => registration.change(request.params.id, request.body, byOf(request)),
  );

  app.delete(
    '/devices/:id',
    {
      ...keep,
      schema: {
        tags,
        summary: 'Revoke a device; it stays in the register',
        params: Id,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      await registration.revoke(request.params.id, byOf(request));
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/devices/:id/credentials',
    {
      ...keep,
      schema: {
        tags,
        summary: 'A new secret; the old one ends',
        params: Id,
        response: { 201: DeviceWithSecret },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await registration.rotate(request.params.id, byOf(request))),
  );

  const refusalsQuery = Type.Object({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: REFUSALS_PAGE_MAX })),
  });
  const Refused = Type.Object({ refusals: Type.Array(RefusedMessage) });

  app.get(
    '/devices/:id/refusals',
    {
      config: { action: 'sensing.see-refusals' },
      schema: {
        tags,
        summary: 'What was not taken of a device, and why',
        params: Id,
        querystring: refusalsQuery,
        response: { 200: Refused },
      },
    },
    async (request) => {
      const { id } = request.params;
      mustBeItself(request.actor, id);
      await presence.flush();
      return {
        refusals: await listRefusals(db, { device: id, limit: request.query.limit ?? PAGE_ITEMS }),
      };
    },
  );

  app.get(
    '/refusals',
    {
      ...keep,
      schema: {
        tags,
        summary: 'What was not taken of anybody, unknown devices too',
        querystring: refusalsQuery,
        response: { 200: Refused },
      },
    },
    async (request) => {
      await presence.flush();
      return { refusals: await listRefusals(db, { limit: request.query.limit ?? PAGE_ITEMS }) };
    },
  );

  app.get(
    '/mappings',
    {
      ...see,
      schema: {
        tags,
        summary: 'How payloads become attributes',
        response: { 200: Type.Object({ mappings: Type.Array(KeptMapping) }) },
      },
    },
    async () => ({ mappings: await listMappings(db) }),
  );

  app.put(
    '/mappings/:id',
    {
      ...keep,
      schema: {
        tags,
        summary: 'Make or replace a mapping',
        params: Id,
        body: Type.Object({ name: Names, document: Mapping }, { additionalProperties: false }),
        response: { 200: KeptMapping },
      },
    },
    async (request) => {
      const mapping = { id: request.params.id, ...request.body };
      const kept = await kernel.transact(async ({ db: own, sql }) => {
        const made = await putMapping(own, mapping, now());
        await audit.record(sql, {
          ...byOf(request),
          action: 'sensing.mapping-kept',
          subject: { kind: 'mapping', id: mapping.id },
          outcome: 'done',
          after: mapping,
        });
        return made;
      });
      known.forgetAll();
      return kept;
    },
  );

  app.delete(
    '/mappings/:id',
    {
      ...keep,
      schema: {
        tags,
        summary: 'Remove a mapping that no device uses',
        params: Id,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await kernel.transact(async ({ db: own, sql }) => {
        await removeMapping(own, id);
        await audit.record(sql, {
          ...byOf(request),
          action: 'sensing.mapping-removed',
          subject: { kind: 'mapping', id },
          outcome: 'done',
        });
      });
      return reply.code(204).send(null);
    },
  );
};

/** A device speaks for itself and sees what is its own. */
export const mustBeItself = (actor: { readonly kind: string; readonly id: string }, id: string) => {
  if (actor.kind === 'device' && actor.id !== id)
    throw new Refusal('forbidden', `This secret belongs to the device ${actor.id}, not to ${id}.`);
};
