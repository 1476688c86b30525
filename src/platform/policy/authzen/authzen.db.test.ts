import { afterAll, beforeAll, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import type { Policy } from '#platform/policy';
import { openTestHouse } from '../../../../test/house.ts';
import policyModule from '../module.ts';

let house: House;
beforeAll(async () => {
  house = await openTestHouse({ modules: [policyModule] });
  const { registerSubjects, registerThings } = house.apis['policy'] as Policy;
  const people = { ada: 'administrator', bo: 'operator', cy: 'person' } as const;
  const ids = Object.keys(people);
  const list = async (afterId: string, limit: number) =>
    ids.filter((id) => id > afterId).slice(0, limit);
  registerSubjects('person', {
    find: async (id) => {
      const role = people[id as keyof typeof people];
      return role && { kind: 'person', id, name: id, roles: ['anyone', role] };
    },
    list,
  });
  registerThings('account', { find: async (id) => ({ kind: 'account', id, owner: id }), list });
});
afterAll(() => house?.[Symbol.asyncDispose]());

const send = (url: string, payload: object, headers = {}) =>
  house.app.inject({ method: 'POST', url: `/access/v1/${url}`, payload, headers });
const ask = async (url: string, payload: object) => {
  const answer = await send(url, payload);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
};
const person = (id: string, properties = {}) => ({ type: 'person', id, properties });
const resource = { type: 'account', id: 'cy' };
const decide = { name: 'policy.decide' };

test('the house decides of those it knows, and says which policies did', async () => {
  expect(await ask('evaluation', { subject: person('bo'), action: decide, resource })).toEqual({
    decision: true,
    context: { because: ['policy/role-operator'] },
  });
  const { decision } = await ask('evaluation', { subject: person('cy'), action: decide, resource });
  expect(decision).toBe(false);
});

test('what a caller says of the roles of its subject is not believed', async () => {
  const subject = person('stranger', { roles: ['administrator'] });
  expect(await ask('evaluation', { subject, action: decide, resource })).toMatchObject({
    decision: false,
  });
});

test('many share defaults and stop as their semantic says (7.1)', async () => {
  const of = async (semantic?: string) => {
    const evaluations = ['bo', 'cy', 'ada'].map((id) => ({ subject: person(id) }));
    const options = semantic ? { options: { evaluations_semantic: semantic } } : {};
    const answer = await ask('evaluations', { action: decide, resource, evaluations, ...options });
    return answer.evaluations.map(({ decision }: { decision: boolean }) => decision);
  };
  expect(await of()).toEqual([true, false, true]);
  expect(await of('execute_all')).toEqual([true, false, true]);
  expect(await of('deny_on_first_deny')).toEqual([true, false]);
  expect(await of('permit_on_first_permit')).toEqual([true]);
});

test('without evaluations it is one decision; what lacks a part is an error of its own (7.1)', async () => {
  const one = { subject: person('bo'), action: decide, resource };
  expect(await ask('evaluations', one)).toMatchObject({ decision: true });
  expect(await ask('evaluations', { ...one, evaluations: [] })).toMatchObject({ decision: true });
  const { evaluations } = await ask('evaluations', {
    subject: person('bo'),
    evaluations: [{ resource }, { resource, action: decide }],
  });
  expect(evaluations).toMatchObject([
    { decision: false, context: { error: { status: 400 } } },
    { decision: true },
  ]);
  expect((await send('evaluations', { subject: person('bo') })).statusCode).toBe(400);
  expect((await send('evaluation', { subject: person('bo') })).statusCode).toBe(400);
});

test('searches walk through pages to the end (8.2)', async () => {
  const request = { subject: { type: 'person' }, action: decide, resource };
  const first = await ask('search/subject', { ...request, page: { limit: 1 } });
  expect(first.results).toEqual([{ type: 'person', id: 'ada' }]);
  const token = first.page.next_token;
  expect(token).not.toBe('');
  const second = await ask('search/subject', { ...request, page: { limit: 5, token } });
  expect(second).toEqual({ results: [{ type: 'person', id: 'bo' }], page: { next_token: '' } });

  const things = { subject: person('bo'), action: decide, resource: { type: 'account' } };
  expect((await ask('search/resource', things)).results).toHaveLength(3);
  const actions = await ask('search/action', { subject: person('cy'), resource });
  expect(actions.results).toContainEqual({ name: 'policy.see-own-rights' });
  expect(actions.results).not.toContainEqual(decide);
});

test('the caller finds its own name for the request again, and the endpoints (9, 10.1.3)', async () => {
  const one = { subject: person('bo'), action: decide, resource };
  const answer = await send('evaluation', one, { 'x-request-id': 'abc' });
  expect(answer.headers['x-request-id']).toBe('abc');
  const found = await house.app.inject({
    url: '/.well-known/authzen-configuration',
    headers: { host: 'localhost:8080' },
  });
  expect(found.json()).toMatchObject({
    policy_decision_point: 'http://localhost:8080',
    access_evaluation_endpoint: 'http://localhost:8080/access/v1/evaluation',
  });
});
