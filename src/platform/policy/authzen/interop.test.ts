/** The published decisions of the OpenID AuthZEN interoperability events, asked over HTTP. */
import { existsSync, readFileSync } from 'node:fs';
import type { Schema } from '@cedar-policy/cedar-wasm/nodejs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import { defineModule, port } from '#kernel/module';
import { openTestHouse } from '../../../../test/house.ts';
import { openEngine, type Party } from '../cedar/engine.ts';
import { parsePolicies } from '../cedar/parse.ts';
import type { DecisionPoint } from './decisions.ts';
import { addAuthzen } from './routes.ts';

const DATA = new URL('../../../../../shared/data/authzen/', import.meta.url);
const isThere = existsSync(DATA);
// oxlint-disable-next-line typescript/no-explicit-any -- each published file has a layout of its own
const read = (name: string): any =>
  isThere ? JSON.parse(readFileSync(new URL(`${name}.json`, DATA), 'utf8')) : [];
const cedarText = (name: string) =>
  readFileSync(new URL(`./interop/${name}.cedar`, import.meta.url), 'utf8');

type Properties = Readonly<Record<string, string>>;
type Scenario = {
  readonly name: string;
  readonly actions: readonly string[];
  readonly users: ReadonlyMap<string, { roles: readonly string[]; attributes: Properties }>;
  readonly resources: ReadonlyMap<string, Properties>;
  readonly resourceAttributes: readonly string[];
  readonly userAttributes: readonly string[];
};

/** A decision point over a scenario's own people, things and rules. */
const openScenario = (scenario: Scenario): DecisionPoint => {
  const { name, actions, users, resources } = scenario;
  const shape = (names: readonly string[]) => ({
    type: 'Record' as const,
    attributes: Object.fromEntries(names.map((n) => [n, { type: 'String' as const }])),
  });
  const schema: Schema = {
    '': {
      entityTypes: {
        Role: {},
        User: { memberOfTypes: ['Role'], shape: shape(scenario.userAttributes) },
        Thing: { shape: shape(scenario.resourceAttributes) },
      },
      actions: Object.fromEntries(
        actions.map((id) => [
          id,
          { appliesTo: { principalTypes: ['User'], resourceTypes: ['Thing'] } },
        ]),
      ),
    },
  };
  const engine = openEngine({
    schema,
    name: `interop-${name}`,
    actions: new Map(actions.map((id) => [id, []])),
    policies: parsePolicies(name, cedarText(name)),
  });
  const after = (ids: Iterable<string>, id: string, limit: number) => {
    const all = [...ids];
    const from = id === '' ? 0 : all.indexOf(id) + 1;
    return all.slice(from, from + limit);
  };
  return {
    decide: async ({ subject, action, resource }) => {
      const user = users.get(subject.id);
      const principal: Party = {
        uid: { type: 'User', id: subject.id },
        parents: (user?.roles ?? []).map((id) => ({ type: 'Role', id })),
        attributes: { ...user?.attributes, id: subject.id },
      };
      const known = resources.get(resource.id) ?? (resource.properties as Properties | undefined);
      const blank = Object.fromEntries(scenario.resourceAttributes.map((n) => [n, '']));
      const { allowed } = engine.decide({
        principal,
        action: action.name,
        resource: { uid: { type: 'Thing', id: resource.id }, attributes: { ...blank, ...known } },
        context: {},
      });
      return { decision: allowed };
    },
    listSubjects: async (_type, afterId, limit) => after(users.keys(), afterId, limit),
    listResources: async (_type, afterId, limit) => after(resources.keys(), afterId, limit),
    listActions: () => actions,
  };
};

const todoUsers = () =>
  new Map<string, { roles: string[]; attributes: Properties }>(
    (read('policy').users ?? []).map((u: { subjectId: string; id: string; roles: string[] }) => [
      u.subjectId,
      { roles: u.roles, attributes: { mail: u.id } },
    ]),
  );
const todo = (): Scenario => ({
  name: 'todo',
  actions:
    'can_read_user can_read_todos can_create_todo can_update_todo can_delete_todo GET POST PUT DELETE'.split(
      ' ',
    ),
  users: todoUsers(),
  resources: new Map(),
  resourceAttributes: ['ownerID'],
  userAttributes: ['mail'],
});

type User = { id: string; role?: string; department?: string };
type Record_ = { id: string | number; owner: string; department?: string };
const records = (users: string, things: string): Scenario => ({
  name: 'records',
  actions: ['view', 'edit', 'delete'],
  users: new Map(
    (read(users) as User[]).map(({ id, role, department }) => [
      id,
      { roles: role ? [role] : [], attributes: { department: department ?? `none of ${id}` } },
    ]),
  ),
  resources: new Map(
    (read(things) as Record_[]).map(({ id, owner, department }) => [
      String(id),
      { owner, department: department ?? '' },
    ]),
  ),
  resourceAttributes: ['owner', 'department'],
  userAttributes: ['id', 'department'],
});

const interop = defineModule({
  provides: port<object>()('interop'),
  title: { zh: '互通', en: 'Interop' },
  plan: {},
  uses: [],
  events: {},
  actions: { 'policy.decide': { title: { zh: '判断', en: 'Decide' }, grant: ['anyone'] } },
  setup: () => ({
    api: {},
    doors: {
      '/todo': (app) => addAuthzen(app, openScenario(todo())),
      '/records': (app) => addAuthzen(app, openScenario(records('search-users', 'search-records'))),
      '/idp': (app) => addAuthzen(app, openScenario(records('idp-users', 'idp-records'))),
    },
  }),
});

type Case = { request: object; expected: unknown };
let house: House;

const ask = async (url: string, payload: object) => {
  const answer = await house.app.inject({ method: 'POST', url, payload });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
};
const sorted = (results: readonly object[]) => results.map((r) => JSON.stringify(r)).toSorted();

describe.skipIf(!isThere)('../shared/data/authzen', () => {
  beforeAll(async () => {
    house = await openTestHouse({ modules: [interop] });
  });
  afterAll(() => house?.[Symbol.asyncDispose]());

  test.each([
    ['the todo scenario', 'todo-decisions-1_0-02', 40],
    ['the API gateway', 'gateway-decisions', 25],
  ])('each single decision of %s is as published', async (_name, file, count) => {
    const cases = read(file).evaluation as Case[];
    expect(cases).toHaveLength(count);
    for (const { request, expected } of cases)
      expect(await ask('/todo/evaluation', request), JSON.stringify(request)).toEqual({
        decision: expected,
      });
  });

  test('each batch is as published', async () => {
    const cases = read('todo-decisions-1_0-02').evaluations as Case[];
    expect(cases).toHaveLength(3);
    for (const { request, expected } of cases)
      expect(await ask('/todo/evaluations', request)).toEqual({ evaluations: expected });
  });

  test.each([
    ['search-subject-results', '/records/search/subject', 60],
    ['search-resource-results', '/records/search/resource', 18],
    ['search-action-results', '/records/search/action', 120],
    ['idp-search-results', '/idp/search/resource', 6],
  ])('each search of %s is as published', async (file, url, count) => {
    const { evaluation, search } = read(file) as Record<string, Case[] | undefined>;
    const cases = evaluation ?? search ?? [];
    expect(cases).toHaveLength(count);
    for (const { request, expected } of cases) {
      const { results, page } = await ask(url, request);
      const { results: published } = expected as { results: object[] };
      expect(sorted(results), JSON.stringify(request)).toEqual(sorted(published));
      expect(page).toEqual({ next_token: '' });
    }
  });
});
