import { port } from '#kernel/module';
import type { GroupState } from './plan.ts';

export {
  faultsOfClaims,
  stateOfPlan,
  type Claims,
  type ClauseState,
  type GroupState,
  type RowState,
} from './plan.ts';
export { padTo, renderPlan, widthOf, type Language } from './table.ts';

export type Programme = {
  /** Every group of the plan with its rows and what of them is real, as the manifests of this house claim. */
  readonly plan: () => readonly GroupState[];
};

export const programme = port<Programme>()('programme');
