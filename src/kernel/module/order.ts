import { Refusal } from '#kernel/errors';
import type { Module } from './module.ts';

/** The modules so that each stands after everything it uses. Refuses rings, doubles and missing modules by name. */
export const inOrder = (modules: readonly Module[]): Module[] => {
  const byId = new Map<string, Module>();
  for (const m of modules) {
    const { id } = m.provides;
    if (byId.has(id)) throw new Refusal('invalid', `Two modules are called ${id}.`);
    byId.set(id, m);
  }
  const ordered = new Set<Module>();
  const visit = (m: Module, path: readonly string[]): void => {
    if (ordered.has(m)) return;
    const here = [...path, m.provides.id];
    if (path.includes(m.provides.id))
      throw new Refusal('invalid', `Modules use each other in a ring: ${here.join(' → ')}.`);
    for (const { id } of m.uses) {
      const used = byId.get(id);
      if (!used)
        throw new Refusal('invalid', `${m.provides.id} uses ${id}, which is not in the house.`);
      visit(used, here);
    }
    ordered.add(m);
  };
  for (const m of modules) visit(m, []);
  return [...ordered];
};
