import type { Contexts } from '../../jsonld/contexts.ts';
import { SCOPE } from '../../jsonld/core-context.ts';
import type { Instance } from '../../model.ts';
import type { Outcome } from '../../operations.ts';
import type { Selector } from '../../query/question.ts';
import type { Evolutions, Outcome as Own } from '../../temporal/evolutions.ts';
import type { AttributeChoice } from '../../temporal/forget.ts';
import type { InstanceChoice } from '../../temporal/instances.ts';
import type { Told } from '../../temporal/parse-told.ts';
import type { Subject } from '../../temporal/subjects.ts';
import type { Registration } from '../registrations/model.ts';
import type { OperationName } from '../registrations/operations.ts';
import type { Journey } from './journey.ts';
import type { Matching } from './match.ts';
import { closedPart, combine, type PartDone, partOf } from './outcome.ts';
import { divide } from './plan.ts';
import { infoOf, type Call, type Send } from './send.ts';
import { bodyFor } from './tell.ts';

/** What can be done to the history of one entity (clauses 5.6.11 to 5.6.16). */
export type PastWrite =
  | { readonly kind: 'upsert' | 'append'; readonly told: Told }
  | { readonly kind: 'remove-attribute'; readonly choice: AttributeChoice }
  | {
      readonly kind: 'replace-instance';
      readonly choice: InstanceChoice;
      readonly instance: Instance;
    }
  | { readonly kind: 'remove-instance'; readonly choice: InstanceChoice }
  | { readonly kind: 'remove'; readonly id: string };

/** Table 4.20-1. */
const NAMES: Readonly<Record<PastWrite['kind'], OperationName>> = {
  upsert: 'upsertTemporal',
  append: 'appendAttrsTemporal',
  'remove-attribute': 'deleteAttrsTemporal',
  'replace-instance': 'updateAttrInstanceTemporal',
  'remove-instance': 'deleteAttrInstanceTemporal',
  remove: 'deleteTemporal',
};

const UNKNOWN: Readonly<Record<Exclude<Own, 'done'>, string>> = {
  'entity-unknown': 'Nothing was ever known of',
  'attribute-unknown': 'No such attribute is known of',
  'instance-unknown': 'No such instance is known of',
};

const idOf = (write: PastWrite): string =>
  'told' in write ? write.told.id : 'choice' in write ? write.choice.id : write.id;

const attributesOf = (write: PastWrite): readonly string[] | undefined => {
  if ('choice' in write) return [write.choice.name];
  if (!('told' in write)) return undefined;
  return [
    ...new Set(write.told.instances.map(({ name }) => name).filter((name) => name !== SCOPE)),
  ];
};

const without = (write: PastWrite, elsewhere: ReadonlySet<string>): PastWrite | undefined => {
  if ('choice' in write) return elsewhere.has(write.choice.name) ? undefined : write;
  if (!('told' in write)) return write;
  const instances = write.told.instances.filter(({ name }) => !elsewhere.has(name));
  if (instances.length === write.told.instances.length) return write;
  return instances.some(({ name }) => name !== SCOPE)
    ? { ...write, told: { ...write.told, instances } }
    : undefined;
};

const outcomeOf = (id: string, done: Own | 'created' | 'updated'): Outcome =>
  done === 'created' || done === 'updated'
    ? { id, done }
    : done === 'done'
      ? { id, done: 'updated' }
      : { id, done: 'refused', reason: 'not-found', detail: `${UNKNOWN[done]} ${id}.` };

/** Writes histories here and tells the sources that hold a part of them (clauses 4.3.6.3 and 5.6.11 to 5.6.16). */
export const openDistributedEvolutions = (
  here: Evolutions,
  {
    matching,
    send,
    contexts,
    findSubject,
  }: {
    readonly matching: Matching;
    readonly send: Send;
    readonly contexts: Contexts;
    readonly findSubject: (id: string, tenant: string) => Promise<Subject | undefined>;
  },
) => {
  const writeHere = (tenant: string, write: PastWrite): Promise<Own | 'created' | 'updated'> => {
    switch (write.kind) {
      case 'upsert':
        return here.upsert(tenant, write.told);
      case 'append':
        return here.append(tenant, write.told);
      case 'remove-attribute':
        return here.removeAttribute(tenant, write.choice);
      case 'replace-instance':
        return here.replaceInstance(tenant, write.choice, write.instance);
      case 'remove-instance':
        return here.removeInstance(tenant, write.choice);
      case 'remove':
        return here.remove(tenant, write.id);
    }
  };

  const selectorsOf = async (write: PastWrite, tenant: string): Promise<readonly Selector[]> => {
    const ids = [idOf(write)];
    const own = 'told' in write ? write.told.types : [];
    const types = own.length > 0 ? own : ((await findSubject(ids[0]!, tenant))?.types ?? []);
    return types.length > 0
      ? types.map((type) => ({ ids, types: { anyOf: [[type]] } }))
      : [{ ids }];
  };

  const tell = async (
    registration: Registration,
    journey: Journey,
    attributes: readonly string[] | undefined,
  ): Promise<PartDone> => {
    const context = infoOf(registration, 'jsonldContext');
    const { path, body } = await bodyFor(registration, journey, [{ attributes }], contexts);
    const call: Call = {
      method: journey.method as Call['method'],
      path,
      query: new URLSearchParams([...journey.query]),
      ...(body === undefined ? {} : { body }),
      ...(context === undefined ? {} : { context }),
    };
    const part = partOf(registration, await send(registration, call, journey));
    return part.failure && attributes
      ? { ...part, failure: { ...part.failure, attributes } }
      : part;
  };

  return {
    write: async (
      tenant: string,
      write: PastWrite,
      local: boolean | undefined,
    ): Promise<Outcome> => {
      const id = idOf(write);
      const alone = async () => outcomeOf(id, await writeHere(tenant, write));
      if (!(await matching.concerned(tenant, local))) return alone();
      const written = attributesOf(write);
      const found = await matching.matching(
        {
          tenant,
          selectors: await selectorsOf(write, tenant),
          interval: null,
          ...(written && written.length > 0 ? { attributes: written } : {}),
        },
        local,
      );
      if (!found || found.matches.length === 0) return alone();
      const { journey, matches } = found;
      const name = NAMES[write.kind];
      const plan = divide(write, matches, {
        attributesOf,
        without,
        offers: ({ operations }) => operations.has(name),
      });
      if (plan.told.length === 0 && plan.closed.length === 0) return alone();
      if (journey.seen.has(journey.alias))
        return {
          id,
          done: 'refused',
          reason: 'loop',
          detail: 'The request came back to where it had been: a loop of registrations.',
        };
      const [own, ...parts] = await Promise.all([
        plan.here ? writeHere(tenant, plan.here) : undefined,
        ...plan.told.map(({ registration, attributes }) => tell(registration, journey, attributes)),
      ]);
      const outcome = combine(id, own && outcomeOf(id, own), [
        ...parts,
        ...plan.closed.map((registration) => closedPart(registration, name)),
      ]);
      return outcome.done === 'refused' || !written ? outcome : { ...outcome, written };
    },
  };
};
export type DistributedEvolutions = ReturnType<typeof openDistributedEvolutions>;
