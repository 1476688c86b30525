import { Type } from 'typebox';
import type { App } from '#kernel/http';
import type { Needs } from '../needs.ts';
import { addBody, closeBody, listBodies, mustKeep } from './bodies.ts';
import { BODY_KINDS, POSTS } from './catalogue.ts';
import { Bodies, Id, Mandates, Members, NewBody, NewMandate, NewMember } from './contract.ts';
import { addMandate, endMandate, listMandates } from './mandates.ts';
import { addMember, endMembership, listMembers } from './memberships.ts';

const TAGS = ['identity'];
const ById = Type.Object({ id: Id });
const Made = Type.Object({ id: Type.String() });
const named = (some: Readonly<Record<string, { zh: string; en: string }>>) =>
  Object.entries(some).map(([id, name]) => ({ id, name }));
const nothing = { 204: Type.Null() };

/** Bodies, who belongs to them, and who may act for whom. */
export const addBodyRoutes = (app: App, { db, inOne, clock, identifier }: Needs) => {
  app.get(
    '/bodies',
    {
      config: { action: 'identity.see-bodies' },
      schema: { tags: TAGS, response: { 200: Bodies } },
    },
    async ({ actor }) => ({
      items: await listBodies(db, actor, clock.now()),
      posts: named(POSTS),
      kinds: named(BODY_KINDS),
    }),
  );

  app.post(
    '/bodies',
    {
      config: { action: 'identity.keep-bodies' },
      schema: { tags: TAGS, body: NewBody, response: { 201: Made } },
    },
    async ({ actor, body }, reply) => {
      await inOne(async ({ db: own, note }) => {
        await addBody(own, body, clock.now());
        const subject = { kind: 'body', id: body.id };
        await note({ actor, action: 'identity.keep-bodies', subject, after: body });
      });
      return reply.code(201).send({ id: body.id });
    },
  );

  app.delete(
    '/bodies/:id',
    {
      config: { action: 'identity.keep-bodies' },
      schema: { tags: TAGS, params: ById, response: nothing },
    },
    async ({ actor, params: { id } }, reply) => {
      await inOne(async ({ db: own, note }) => {
        await closeBody(own, id, actor.id, clock.now());
        await note({ actor, action: 'identity.keep-bodies', subject: { kind: 'body', id } });
      });
      identifier.forgetAll();
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/bodies/:id/members',
    {
      config: { action: 'identity.keep-members' },
      schema: { tags: TAGS, params: ById, response: { 200: Members } },
    },
    async ({ actor, params: { id } }) => {
      if (!actor.bodies?.some(({ body }) => body === id)) await mustKeep(db, actor, id);
      return { items: await listMembers(db, id, clock.now()) };
    },
  );

  app.post(
    '/bodies/:id/members',
    {
      config: { action: 'identity.keep-members' },
      schema: { tags: TAGS, params: ById, body: NewMember, response: { 201: Made } },
    },
    async ({ actor, params, body }, reply) => {
      const id = await inOne(async ({ db: own, note }) => {
        const made = await addMember(own, actor, params.id, body, clock.now());
        const subject = { kind: 'person', id: made.person };
        const after = { membership: made.id, body: params.id, ...body };
        await note({ actor, action: 'identity.keep-members', subject, after });
        return made.id;
      });
      identifier.forgetAll();
      return reply.code(201).send({ id });
    },
  );

  app.delete(
    '/memberships/:id',
    {
      config: { action: 'identity.keep-members' },
      schema: { tags: TAGS, params: ById, response: nothing },
    },
    async ({ actor, params: { id } }, reply) => {
      await inOne(async ({ db: own, note }) => {
        const before = await endMembership(own, actor, id, clock.now());
        const subject = { kind: 'person', id: before.person };
        await note({ actor, action: 'identity.keep-members', subject, before });
      });
      identifier.forgetAll();
      return reply.code(204).send(null);
    },
  );

  const mandates = { action: 'identity.keep-mandates' };

  app.get(
    '/mandates',
    { config: mandates, schema: { tags: TAGS, response: { 200: Mandates } } },
    async ({ actor }) => ({ items: await listMandates(db, actor, clock.now()) }),
  );

  app.post(
    '/mandates',
    { config: mandates, schema: { tags: TAGS, body: NewMandate, response: { 201: Made } } },
    async ({ actor, body }, reply) => {
      const id = await inOne(async ({ db: own, note }) => {
        const made = await addMandate(own, actor, body, clock.now());
        const subject = { kind: 'mandate', id: made };
        await note({ actor, action: 'identity.keep-mandates', subject, after: body });
        return made;
      });
      return reply.code(201).send({ id });
    },
  );

  app.delete(
    '/mandates/:id',
    { config: mandates, schema: { tags: TAGS, params: ById, response: nothing } },
    async ({ actor, params: { id } }, reply) => {
      await inOne(async ({ db: own, note }) => {
        await endMandate(own, actor, id, clock.now());
        await note({ actor, action: 'identity.keep-mandates', subject: { kind: 'mandate', id } });
      });
      identifier.forgetAll();
      return reply.code(204).send(null);
    },
  );
};
