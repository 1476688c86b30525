import { readFileSync } from 'node:fs';
import { OWN_ACTIONS } from '#kernel/boot';
import type { Manifest } from '#kernel/module';
import { Refusal } from '#kernel/errors';
import { grantsToCedar } from './cedar/grants.ts';
import { type ParsedPolicy, parsePolicies } from './cedar/parse.ts';
import type { GrantedAction } from './contract.ts';

const HOUSE = new URL('./house.cedar', import.meta.url);

/** A module's rights as they were delivered: what its manifest gives by role, and what its file adds. */
export type Book = {
  readonly module: string;
  readonly title: Manifest['title'];
  readonly grants: string;
  readonly text: string;
};

/** Every action of the house, in the order of the modules. */
export const listActions = (manifests: readonly Manifest[]): GrantedAction[] =>
  [
    { module: 'house', actions: OWN_ACTIONS },
    ...manifests.map(({ provides, actions }) => ({ module: provides.id, actions })),
  ].flatMap(({ module, actions }) =>
    Object.entries(actions).map(([id, { title, grant }]) => ({
      id,
      module,
      title,
      grant: [...grant],
    })),
  );

/** The books of all modules, the house's own first. */
export const readBooks = (manifests: readonly Manifest[]): Book[] => {
  const actions = listActions(manifests);
  const grantsOf = (module: string) =>
    grantsToCedar(actions.filter((action) => action.module === module));
  return [
    {
      module: 'house',
      title: { zh: '全平台', en: 'The whole house' },
      grants: grantsOf('house'),
      text: readFileSync(HOUSE, 'utf8'),
    },
    ...manifests.map(({ provides, title, policies }) => ({
      module: provides.id,
      title,
      grants: grantsOf(provides.id),
      text: policies ? readFileSync(policies, 'utf8') : '',
    })),
  ];
};

/** A book's policies, with the text that took the place of the delivered one. Throws Refusal('invalid'). */
export const policiesOf = ({ module, grants }: Book, text: string): ParsedPolicy[] => {
  const own = parsePolicies(module, text);
  const taken = own.find(({ id }) => id.startsWith(`${module}/role-`));
  if (taken)
    throw new Refusal('invalid', `${taken.id}: names with role- are kept for the manifest.`);
  return [...parsePolicies(module, grants), ...own];
};
