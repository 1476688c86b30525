import type { Gate } from '#kernel/http';
import type { Identity } from '#platform/identity';
import type { Policy } from '#platform/policy';
import type { Sensing } from '#platform/sensing';

/** Identity says who asks, policy what they may do; the secrets of devices are known to sensing. */
export const gateOf = (apis: Readonly<Record<string, unknown>>): Gate => {
  const { identify, registerResolver, findPerson, listPeople } = apis['identity'] as Identity;
  const { allows, registerSubjects } = apis['policy'] as Policy;
  registerResolver((apis['sensing'] as Sensing).findDeviceBySecret);
  registerSubjects('person', { find: findPerson, list: listPeople });
  return { identify, allows };
};
