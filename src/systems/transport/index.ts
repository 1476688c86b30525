import { port } from '#kernel/module';
import type { AisStatus } from './contract.ts';

export { AisStatus } from './contract.ts';

export type Transport = {
  /** What the AIS gateway is doing and has heard since the house started. */
  readonly aisStatus: () => AisStatus;
};

export const transport = port<Transport>()('transport');
