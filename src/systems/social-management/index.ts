import { port } from '#kernel/module';
import type { Typhoons } from './typhoon/typhoons.ts';

export { Typhoon, TyphoonState, TyphoonSummary, PassageView } from './contract.ts';

export type SocialManagement = {
  /** Tropical cyclones whose tracks are known, in order of season and number, and how near they came to a place. */
  readonly listTyphoons: Typhoons['list'];
  /** One of them with its whole track. Throws Refusal('not-found'). */
  readonly getTyphoon: Typhoons['get'];
};

export const socialManagement = port<SocialManagement>()('social-management');
