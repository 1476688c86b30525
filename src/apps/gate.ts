import type { Gate } from '#kernel/http';
import type { Identity } from '#platform/identity';
import type { Policy } from '#platform/policy';

/** Identity says who asks, policy what they may do. */
export const gateOf = (apis: Readonly<Record<string, unknown>>): Gate => {
  const { identify } = apis['identity'] as Identity;
  const { allows } = apis['policy'] as Policy;
  return { identify, allows };
};
