import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { Id } from '../bodies/contract.ts';
import { findDemoPerson, type DemoPeople } from '../demo/people.ts';
import { Me } from '../contract.ts';
import type { Needs } from '../needs.ts';
import type { Sealing } from '../sealing.ts';
import { countAttempt, forgetAttempts } from '../sign-in/attempts.ts';
import { removeAuthenticator, useRecoveryCode } from '../sign-in/authenticators.ts';
import { isCommonPassword } from '../sign-in/common-passwords.ts';
import {
  DemonstrationPeople,
  NewDemonstrationSession,
  Nothing,
  Recovery,
} from '../sign-in/contract.ts';
import { welcome } from '../sign-in/cookie.ts';
import { hashPassword } from '../sign-in/passwords.ts';
import { mustBeSameOrigin } from '../sign-in/same-origin.ts';
import { DocumentCheck, NewPerson, People, PeopleQuery, WayIn } from './contract.ts';
import { closePerson, giveCode, listPeople, recordCheck } from './keeping.ts';
import { addPerson, changePassword } from './people.ts';

const TAGS = ['identity'];
const ById = Type.Object({ id: Id });
const TRIES_A_MINUTE_MAX = 30;
const nothing = { 204: Type.Null() };

/** Accounts as administrators keep them, the way back in for who lost theirs, and the made-up people. */
export const addPeopleRoutes = (
  app: App,
  needs: Needs,
  { sealing, demo }: { sealing: Sealing; demo: DemoPeople },
) => {
  const { db, inOne, database, clock, config, terms, identifier } = needs;
  const keep = { action: 'identity.keep-people' };
  const open = {
    action: 'identity.sign-in',
    rateLimit: { max: TRIES_A_MINUTE_MAX, timeWindow: 60_000 },
  };

  app.get(
    '/people',
    { config: keep, schema: { tags: TAGS, querystring: PeopleQuery, response: { 200: People } } },
    async ({ query }) => ({ items: await listPeople(db, query.text ?? '', terms) }),
  );

  app.post(
    '/people',
    { config: keep, schema: { tags: TAGS, body: NewPerson, response: { 201: WayIn } } },
    async ({ actor, body }, reply) => {
      const made = await inOne(async ({ db: own, note }) => {
        const { signInName: name, name: fullName, roles } = body;
        const id = await addPerson(
          own,
          { name, roles, ...(fullName !== undefined && { fullName }) },
          clock.now(),
        );
        if (id === undefined)
          throw new Refusal('conflict', `Somebody signs in as ${name} already.`, {
            at: 'signInName',
          });
        await note({ actor, ...keep, subject: { kind: 'person', id }, after: body });
        return { id, code: await giveCode(own, actor, id, clock.now()) };
      });
      return reply.code(201).send(made);
    },
  );

  app.post(
    '/people/:id/recovery-codes',
    { config: keep, schema: { tags: TAGS, params: ById, body: Nothing, response: { 201: WayIn } } },
    async ({ actor, params: { id } }, reply) => {
      const code = await inOne(async ({ db: own, note }) => {
        const given = await giveCode(own, actor, id, clock.now());
        await note({ actor, ...keep, subject: { kind: 'person', id }, after: { code: 'given' } });
        return given;
      });
      return reply.code(201).send({ id, code });
    },
  );

  app.post(
    '/people/:id/document-checks',
    {
      config: { action: 'identity.check-documents' },
      schema: { tags: TAGS, params: ById, body: DocumentCheck, response: nothing },
    },
    async ({ actor, params: { id }, body }, reply) => {
      await inOne(async ({ db: own, note }) => {
        await recordCheck(own, sealing, actor, id, body, clock.now());
        const subject = { kind: 'person', id };
        await note({
          actor,
          action: 'identity.check-documents',
          subject,
          after: { kind: body.kind },
        });
      });
      identifier.forgetAll();
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/people/:id',
    { config: keep, schema: { tags: TAGS, params: ById, response: nothing } },
    async ({ actor, params: { id } }, reply) => {
      await inOne(async ({ db: own, note }) => {
        await closePerson(own, actor, id, clock.now());
        await note({ actor, ...keep, subject: { kind: 'person', id }, after: { closed: true } });
      });
      identifier.forgetAll();
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/recoveries',
    { config: open, schema: { tags: TAGS, body: Recovery, response: nothing } },
    async (request, reply) => {
      mustBeSameOrigin(request, config.publicUrl);
      const { name, code, next } = request.body;
      if (isCommonPassword(next, name))
        throw new Refusal('invalid', 'This password is among the first that are tried.', {
          at: 'next',
        });
      const from = { name, address: request.ip };
      await countAttempt(database, from, clock.now());
      // Whoever asks waits as long for a name that is nobody's.
      await hashPassword(next);
      await inOne(async ({ db: own, note }) => {
        const row = await own
          .selectFrom('people')
          .select('id')
          .where('name', '=', name)
          .where('closed_at', 'is', null)
          .where('demo', '=', false)
          .executeTakeFirst();
        if (!(await useRecoveryCode(own, row?.id ?? '', 'account', code, clock.now())) || !row)
          throw new Refusal(
            'unauthenticated',
            'The name or the code is wrong, or the code is over.',
          );
        await changePassword(own, row.id, { password: next }, clock.now());
        // Who gave the code saw the person: a lost telephone stands in the way no more.
        await removeAuthenticator(own, row.id);
        const subject = { kind: 'person', id: row.id };
        await note({ actor: request.actor, action: 'identity.recover', subject });
      });
      await forgetAttempts(database, from);
      identifier.forgetAll();
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/demonstration-people',
    { config: open, schema: { tags: TAGS, response: { 200: DemonstrationPeople } } },
    async () => ({
      items: terms.demo ? demo.people.map(({ id, name, title }) => ({ id, name, title })) : [],
    }),
  );

  app.post(
    '/demonstration-sessions',
    {
      config: open,
      schema: { tags: TAGS, body: NewDemonstrationSession, response: { 201: Me } },
    },
    async (request, reply) => {
      mustBeSameOrigin(request, config.publicUrl);
      const found = await findDemoPerson(db, request.body.person, terms);
      const session = { ...found, method: 'demonstration', factors: 2 } as const;
      return reply.code(201).send(await welcome(needs, request, reply, session));
    },
  );
};
