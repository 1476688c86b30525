import type { Actor } from '#kernel/actor';
import type { Resource, Subjects, Things } from '../contract.ts';
import type { Rights } from '../rights.ts';
import type { Evaluation } from './contract.ts';
import type { DecisionPoint } from './decisions.ts';

const KINDS = ['anonymous', 'person', 'application', 'device'] as const;
const isKind = (type: string): type is (typeof KINDS)[number] => KINDS.some((k) => k === type);
const SENSITIVITIES = ['public', 'personal', 'restricted'] as const;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** A resource as the caller describes it; what the house knows better counts instead. */
const described = ({ type, id, properties = {} }: Evaluation['resource']): Resource => {
  const sensitivity = SENSITIVITIES.find((s) => s === properties['sensitivity']);
  const [owner, body, tenant] = ['owner', 'body', 'tenant'].map((n) => textOf(properties[n]));
  return {
    kind: type,
    id,
    ...(owner === undefined ? {} : { owner }),
    ...(body === undefined ? {} : { body }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(sensitivity ? { sensitivity } : {}),
  };
};

/**
 * The house's rights for outside systems. Subjects are those that the house knows: whatever a caller says of their roles is
 * not believed, and somebody unknown may do what anyone may.
 */
export const openPoint = (
  rights: Rights,
  subjects: ReadonlyMap<string, Subjects>,
  things: ReadonlyMap<string, Things>,
): DecisionPoint => {
  const actorOf = async (type: string, id: string): Promise<Actor> =>
    (await subjects.get(type)?.find(id)) ?? {
      kind: isKind(type) ? type : 'anonymous',
      id,
      name: id,
      roles: ['anyone'],
    };

  return {
    decide: async ({ subject, action, resource, context }) => {
      const purpose = textOf(context?.['purpose']);
      const { allowed, because } = rights.decide({
        actor: await actorOf(subject.type, subject.id),
        action: action.name,
        resource: (await things.get(resource.type)?.find(resource.id)) ?? described(resource),
        ...(purpose === undefined ? {} : { purpose }),
      });
      return { decision: allowed, context: { because: [...because] } };
    },
    listSubjects: async (type, afterId, limit) =>
      (await subjects.get(type)?.list(afterId, limit)) ?? [],
    listResources: async (type, afterId, limit) =>
      (await things.get(type)?.list(afterId, limit)) ?? [],
    listActions: () => rights.actions.map(({ id }) => id),
  };
};
