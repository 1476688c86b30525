import { ANONYMOUS, isWithinScopes } from '#kernel/actor';
import type { Gate } from '#kernel/http';
import type { Identity } from '#platform/identity';
import type { Policy } from '#platform/policy';
import type { Sensing } from '#platform/sensing';

/**
 * Identity says who asks, policy what they may do; the secrets of devices are known to sensing. The limits of a token or
 * a mandate narrow what policy allows, though never below what is open to everybody.
 */
export const gateOf = (apis: Readonly<Record<string, unknown>>): Gate => {
  const { identify, registerResolver } = apis['identity'] as Identity;
  const { allows } = apis['policy'] as Policy;
  registerResolver((apis['sensing'] as Sensing).findDeviceBySecret);
  return {
    identify,
    allows: (actor, action) => allows(isWithinScopes(actor, action) ? actor : ANONYMOUS, action),
  };
};
