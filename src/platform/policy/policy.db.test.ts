import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import type { House } from '#kernel/boot';
import { type Database, openTestDatabase, testEngines } from '#kernel/database';
import type { Policy } from '#platform/policy';
import { openTestHouse } from '../../../test/house.ts';
import policyModule from './module.ts';

const person = (id: string, more: Partial<Actor> = {}): Actor => ({
  kind: 'person',
  id,
  name: id,
  roles: ['anyone', 'person', 'administrator'],
  ...more,
});
const operator = person('op', { roles: ['anyone', 'operator'] });
const FORBID = `@id("night") @zh("夜间不判断") @en("No decisions at night")
  forbid (principal in Role::"operator", action == Action::"policy.decide", resource);`;

const APPROVED = { state: 'approved' };

describe.each(testEngines)('rights on %s', (engine) => {
  let database: Database;
  const houses: Record<string, House> = {};
  /** Three processes of one house, each as one person knows it. */
  beforeAll(async () => {
    database = await openTestDatabase(engine);
    const actors = [person('ada'), person('bo'), person('cy', { assurance: 'staff' })];
    for (const actor of actors)
      houses[actor.id] = await openTestHouse({ modules: [policyModule], database, actor });
  }, 60_000);
  afterAll(async () => {
    for (const house of Object.values(houses)) await house[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  const ask = async (
    who: string,
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    payload?: object,
  ) => {
    const answer = await houses[who]!.app.inject({
      method,
      url: `/api/policy/${url}`,
      ...(payload ? { payload } : {}),
    });
    return { status: answer.statusCode, body: answer.json() };
  };
  const policyOf = (who: string) => houses[who]!.apis['policy'] as Policy;
  const proposal = { module: 'policy', text: FORBID, reason: 'Nobody is awake.' };

  test('a change needs two people, and counts in every process within a second', async () => {
    expect(policyOf('cy').allows(operator, 'policy.decide')).toBe(true);
    const { status, body } = await ask('ada', 'POST', 'changes', proposal);
    expect(status).toBe(201);
    expect((await ask('bo', 'POST', 'changes', proposal)).status).toBe(409);
    expect((await ask('ada', 'POST', `changes/${body.id}/decision`, APPROVED)).status).toBe(403);
    expect(policyOf('ada').allows(operator, 'policy.decide')).toBe(true);
    const approved = await ask('bo', 'POST', `changes/${body.id}/decision`, APPROVED);
    expect(approved.body).toMatchObject({ state: 'approved', decidedBy: { id: 'bo' } });
    expect(policyOf('bo').allows(operator, 'policy.decide')).toBe(false);
    for (const other of ['ada', 'cy'])
      await expect
        .poll(() => policyOf(other).allows(operator, 'policy.decide'), { timeout: 1_000 })
        .toBe(false);
    expect(
      (await ask('cy', 'POST', `changes/${body.id}/decision`, { state: 'rejected' })).status,
    ).toBe(409);
    const { items } = (await ask('ada', 'GET', 'books')).body;
    expect(items.find((book: { module: string }) => book.module === 'policy')).toMatchObject({
      changed: true,
      text: FORBID,
    });
  });

  test('why somebody may is told by the policies that decided', async () => {
    const question = { actor: { kind: 'person', roles: ['operator'] }, action: 'policy.decide' };
    const { body } = await ask('ada', 'POST', 'questions', question);
    expect(body).toMatchObject({ allowed: false, because: [{ id: 'policy/night' }] });
    const nobody = { actor: { kind: 'anonymous' }, action: 'policy.see-rights' };
    expect((await ask('ada', 'POST', 'questions', nobody)).body).toEqual({
      allowed: false,
      because: [],
    });
  });

  test('a text is tried against recorded decisions, and one that does not hold is refused', async () => {
    policyOf('ada').allows(person('zoe', { roles: ['anyone', 'operator'] }), 'policy.decide');
    const { body } = await ask('ada', 'POST', 'trials', { module: 'policy', text: '' });
    expect(body).toMatchObject({ denied: 0 });
    expect(body.allowed).toBeGreaterThan(0);
    expect(body.changed[0]).toMatchObject({ action: 'policy.decide', allowed: true });
    const wrong = { module: 'policy', text: 'permit (', reason: 'A slip.' };
    expect((await ask('ada', 'POST', 'trials', wrong)).status).toBe(400);
    expect((await ask('ada', 'POST', 'changes', wrong)).status).toBe(400);
    expect((await ask('ada', 'POST', 'trials', { module: 'x', text: '' })).status).toBe(404);
  });

  test('who approves at the same time approves once', async () => {
    const { body } = await ask('ada', 'POST', 'changes', { ...proposal, text: '' });
    const both = await Promise.all(
      ['bo', 'cy'].map((who) => ask(who, 'POST', `changes/${body.id}/decision`, APPROVED)),
    );
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  test('whoever breaks the glass sees everything for a while, and somebody else reviews it', async () => {
    const told = await ask('cy', 'POST', 'emergencies', { reason: 'A child is lost.', minutes: 5 });
    expect(told.status).toBe(201);
    const { id } = told.body;
    const review = { justified: true, note: 'It was found.' };
    expect((await ask('ada', 'POST', `emergencies/${id}/review`, review)).status).toBe(409);
    expect((await ask('ada', 'DELETE', `emergencies/${id}`)).status).toBe(403);
    expect((await ask('cy', 'DELETE', `emergencies/${id}`)).status).toBe(200);
    expect((await ask('cy', 'POST', `emergencies/${id}/review`, review)).status).toBe(403);
    const seen = await ask('ada', 'POST', `emergencies/${id}/review`, review);
    expect(seen.body).toMatchObject({ justified: true, reviewedBy: { id: 'ada' } });
    expect((await ask('bo', 'POST', `emergencies/${id}/review`, review)).status).toBe(409);
    expect(
      (await ask('cy', 'POST', 'emergencies', { reason: 'Long one', minutes: 481 })).status,
    ).toBe(400);
  });

  test('every act stands in the audit log', async () => {
    const rows = await database.query<{ action: string }>(
      `select distinct action from audit.entries where action like 'policy.%' order by 1`,
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'policy.change-approval',
      'policy.change-proposal',
      'policy.emergency-begun',
      'policy.emergency-ended',
      'policy.emergency-reviewed',
    ]);
  });
});
