import { expect, test } from 'vitest';
import { modules } from '../src/apps/house.ts';

const PLAN_ID = /^(?:[PSBIRG]\d+(?:\.\d+)?[a-z]?|T-\d+)$/;

test('every action, event and clause is named once and belongs to its module', () => {
  const actions = modules.flatMap((m) => Object.keys(m.actions));
  expect(new Set(actions).size).toBe(actions.length);
  for (const m of modules) {
    for (const action of Object.keys(m.actions))
      expect(action).toMatch(new RegExp(`^${m.provides.id}\\.`));
    for (const act of Object.keys(m.acts ?? {}))
      expect(act).toMatch(new RegExp(`^${m.provides.id}\\.`));
    for (const event of Object.keys(m.events))
      expect(event).toMatch(new RegExp(`^${m.provides.id}\\.`));
    for (const clause of Object.keys(m.plan)) expect(clause).toMatch(PLAN_ID);
  }
});

test('every visible word is there in both languages', () => {
  for (const m of modules) {
    const words = [
      m.title,
      ...Object.values(m.actions).map((a) => a.title),
      ...Object.values(m.acts ?? {}),
      ...(m.feeds ?? []).map((f) => f.implemented),
    ];
    for (const { zh, en } of words) {
      expect(zh).toMatch(/\p{Script=Han}|^[A-Z0-9 .-]+$/u);
      expect(en).not.toMatch(/\p{Script=Han}/u);
    }
  }
});
