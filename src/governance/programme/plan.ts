import { Refusal } from '#kernel/errors';
import type { Plan, Target } from '#platform/registers';

export type ClauseState = 'nothing' | 'part' | 'works';

/** What one module's manifest says of the plan. */
export type Claims = {
  readonly module: string;
  readonly plan: Readonly<Record<string, 'part' | 'works'>>;
};

export type RowState = {
  readonly id: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly pilot: boolean;
  readonly state: ClauseState;
  /** Modules that claim it. */
  readonly modules: readonly string[];
};

export type GroupState = {
  readonly id: string;
  readonly part: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly system?: string;
  readonly pilot: boolean;
  /** A group works when all its rows do, and has part when any row has anything. */
  readonly state: ClauseState;
  /** How many of its rows work. */
  readonly works: number;
  readonly of: number;
  readonly rows: readonly RowState[];
};

const TARGETS_GROUP = 'T';

/** Rows claimed by nobody, by clause id: the plan's own and the targets. */
const idsOf = (plan: Plan, targets: readonly Target[]) =>
  new Set([...plan.rows.map((row) => row.id), ...targets.map((target) => target.id)]);

/** Throws Refusal('invalid') where a manifest claims a clause that the plan has not. */
const refuseUnknown = (known: ReadonlySet<string>, claims: readonly Claims[]) => {
  const unknown = claims.flatMap(({ module, plan }) =>
    Object.keys(plan)
      .filter((id) => !known.has(id))
      .map((id) => `${module} claims ${id}`),
  );
  if (unknown.length > 0)
    throw new Refusal('invalid', `The plan has no such clause: ${unknown.join(', ')}.`, {
      unknown,
    });
};

const highest = (states: readonly ClauseState[]): ClauseState =>
  states.includes('works') ? 'works' : states.includes('part') ? 'part' : 'nothing';

/**
 * The state of every row and group of the plan, targets as the last group, from what the manifests claim. Throws
 * Refusal('invalid') for a claim of an unknown clause. Whether a claim is earned is for `faultsOfClaims`.
 */
export const stateOfPlan = (
  plan: Plan,
  targets: readonly Target[],
  claims: readonly Claims[],
): GroupState[] => {
  refuseUnknown(idsOf(plan, targets), claims);
  const rowState = (row: { id: string; title: RowState['title']; pilot?: boolean }): RowState => {
    const claiming = claims.filter((c) => c.plan[row.id]);
    return {
      id: row.id,
      title: row.title,
      pilot: row.pilot ?? false,
      state: highest(claiming.map((c) => c.plan[row.id]!)),
      modules: claiming.map((c) => c.module),
    };
  };
  const part = plan.parts.find((p) => p.id === TARGETS_GROUP);
  const groups = [
    ...plan.groups.map((group) => ({
      ...group,
      rows: plan.rows.filter((row) => row.group === group.id).map(rowState),
    })),
    ...(part
      ? [{ id: part.id, part: part.id, title: part.title, rows: targets.map(rowState) }]
      : []),
  ];
  return groups.map((group) => {
    const works = group.rows.filter((row) => row.state === 'works').length;
    const begun = group.rows.some((row) => row.state !== 'nothing');
    return {
      pilot: false,
      ...group,
      works,
      of: group.rows.length,
      state: works === group.rows.length && works > 0 ? 'works' : begun ? 'part' : 'nothing',
    };
  });
};

const named = (id: string) =>
  new RegExp(`(?<![\\w.-])${id.replaceAll('.', '\\.')}(?![\\w-]|\\.\\d)`, 'u');

/** One sentence for each claim of *works* that no test is named after. `testNames` are all tests of the house. */
export const faultsOfClaims = (claims: readonly Claims[], testNames: readonly string[]): string[] =>
  claims.flatMap(({ module, plan }) =>
    Object.entries(plan)
      .filter(([id, state]) => state === 'works' && !testNames.some((name) => named(id).test(name)))
      .map(([id]) => `${module} says ${id} works, but no test is named after ${id}.`),
  );
