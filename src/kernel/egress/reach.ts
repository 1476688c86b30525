import { lookup } from 'node:dns/promises';
import { Refusal } from '#kernel/errors';
import { openAddressRule } from './addresses.ts';

/**
 * The way out for what is not HTTP: the address of a host that may be connected to, by the same rule as every outgoing
 * call. Connect to that address and not to the name, which could change in between. Throws Refusal: 'forbidden' where
 * it may not go, 'unavailable' where nobody knows the name.
 */
export const openReach = (allow: readonly string[]) => {
  const isAllowed = openAddressRule(allow);
  return async (host: string): Promise<string> => {
    const found = await lookup(host, { all: true }).catch((error: unknown) => {
      throw new Refusal(
        'unavailable',
        `${host} cannot be reached: ${(error as { code?: string }).code ?? String(error)}.`,
      );
    });
    const reachable = found.find(({ address }) => isAllowed(host, address));
    if (!reachable)
      throw new Refusal('forbidden', `Calls to ${host} are not allowed here (EGRESS_ALLOW).`);
    return reachable.address;
  };
};
export type Reach = ReturnType<typeof openReach>;
