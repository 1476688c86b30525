import { Type } from 'typebox';
import type { App } from '#kernel/http';
import type { Needs } from '../needs.ts';
import { addApplication, endApplication, listApplications, renewSecret } from './clients.ts';
import { endConsent, listConsents } from './consents.ts';
import {
  Applications,
  ApplicationWithSecret,
  ById,
  Consents,
  NewApplication,
  NewSecret,
  Rotation,
} from './contract.ts';
import { rotateKeys } from './keys.ts';
import type { Oidc } from './provider.ts';
import type { Sealing } from '../sealing.ts';

const TAGS = ['identity'];
const nothing = { 204: Type.Null() };

/** Applications that people sign in to with this house, what people let them do, and the keys that sign for it. */
export const addApplicationRoutes = (
  app: App,
  { db, inOne, clock, identifier }: Needs,
  { oidc, sealing }: { oidc: Oidc; sealing: Sealing },
) => {
  const keep = { action: 'identity.keep-applications' };
  const noted = (id: string) => ({ action: keep.action, subject: { kind: 'application', id } });

  app.get(
    '/applications',
    { config: keep, schema: { tags: TAGS, response: { 200: Applications } } },
    async ({ actor }) => ({ items: await listApplications(db, actor) }),
  );

  app.post(
    '/applications',
    {
      config: keep,
      schema: { tags: TAGS, body: NewApplication, response: { 201: ApplicationWithSecret } },
    },
    async ({ actor, body }, reply) => {
      const made = await inOne(async ({ db: own, note }) => {
        const added = await addApplication(own, actor, body, clock.now());
        await note({ actor, ...noted(added.id), after: body });
        return added;
      });
      return reply.code(201).send(made);
    },
  );

  app.post(
    '/applications/:id/secrets',
    {
      config: keep,
      schema: {
        tags: TAGS,
        params: ById,
        body: Type.Object({}, { additionalProperties: false }),
        response: { 201: NewSecret },
      },
    },
    async ({ actor, params: { id } }, reply) => {
      const secret = await inOne(async ({ db: own, note }) => {
        const renewed = await renewSecret(own, actor, id);
        await note({ actor, ...noted(id) });
        return renewed;
      });
      return reply.code(201).send({ secret });
    },
  );

  app.delete(
    '/applications/:id',
    { config: keep, schema: { tags: TAGS, params: ById, response: nothing } },
    async ({ actor, params: { id } }, reply) => {
      await inOne(async ({ db: own, note }) => {
        await endApplication(own, actor, id, clock.now());
        await note({ actor, ...noted(id) });
      });
      identifier.forgetAll();
      return reply.code(204).send(null);
    },
  );

  const own = { action: 'identity.keep-own-account' };

  app.get(
    '/consents',
    { config: own, schema: { tags: TAGS, response: { 200: Consents } } },
    async ({ actor }) => ({ items: await listConsents(db, actor.id, clock.now()) }),
  );

  app.delete(
    '/consents/:id',
    { config: own, schema: { tags: TAGS, params: ById, response: nothing } },
    async ({ actor, params: { id } }, reply) => {
      await inOne(async ({ db: tx, note }) => {
        const client = await endConsent(tx, actor.id, id);
        const subject = { kind: 'application', id: client };
        await note({ actor, action: 'identity.consent', subject, before: { consent: id } });
      });
      identifier.forgetAll();
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/signing-keys',
    {
      config: { action: 'identity.rotate-keys' },
      schema: { tags: TAGS, body: Rotation, response: nothing },
    },
    async ({ actor, body }, reply) => {
      await inOne(async ({ db: tx, note }) => {
        await rotateKeys(tx, sealing, body, clock.now());
        const subject = { kind: 'signing-keys', id: 'all' };
        await note({ actor, action: 'identity.rotate-keys', subject, after: body });
      });
      await oidc.reload();
      return reply.code(204).send(null);
    },
  );
};
