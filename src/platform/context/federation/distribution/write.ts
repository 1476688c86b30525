import type { Contexts } from '../../jsonld/contexts.ts';
import {
  type EntityWriter,
  entityIdOf,
  type Operation,
  type Outcome,
  type Purge,
} from '../../operations.ts';
import type { Reader } from '../../query/reader.ts';
import { isProxied, type Match, type Registration } from '../registrations/model.ts';
import type { OperationName } from '../registrations/operations.ts';
import type { Journey } from './journey.ts';
import type { Matching } from './match.ts';
import { batchPartOf, closedPart, combine, type PartDone, partOf } from './outcome.ts';
import { attributesOf, nameOf, type Plan, planOf, selectorsOf, singly, type Way } from './plan.ts';
import { type Answer, infoOf, type Send } from './send.ts';
import { bodyFor, type Told } from './tell.ts';

export type WriteNeeds = {
  readonly matching: Matching;
  readonly send: Send;
  readonly contexts: Contexts;
  /** What is here: by it an operation without types is known to be about some. */
  readonly reader: Reader;
};

type Method = 'POST' | 'PATCH' | 'PUT' | 'DELETE';
const CONFLICT = 409;
const isConflict = (answer: Answer): boolean =>
  answer.kind === 'answer' && answer.status === CONFLICT;
const isBatch = ({ path }: Journey) => path.startsWith('/entityOperations/');

/** A failure with the attributes that it is about. */
const withNames = (part: PartDone, attributes: readonly string[] | undefined): PartDone =>
  part.failure && attributes ? { ...part, failure: { ...part.failure, attributes } } : part;

/** What of the query of a write concerns the sources too. */
const queryOf = ({ query }: Journey): URLSearchParams => new URLSearchParams([...query]);

/** Writes here and tells the sources that hold a part of it (clauses 4.3.6.2, 4.3.6.3 and 5.6). */
export const openDistributedWriter = (
  here: EntityWriter,
  { matching, send, contexts, reader }: WriteNeeds,
): EntityWriter => {
  const typesHere = async (operation: Operation, tenant: string): Promise<readonly string[]> => {
    if ('entity' in operation && operation.entity.types.length > 0) return [];
    const known = await reader.find({ tenant, id: entityIdOf(operation), local: true });
    return known?.types ?? [];
  };

  const plan = async (
    operation: Operation,
    tenant: string,
    name: OperationName,
  ): Promise<{ plan: Plan; matches: readonly Match[] }> => {
    const written = attributesOf(operation);
    const found = await matching.matching(
      {
        tenant,
        selectors: selectorsOf(operation, await typesHere(operation, tenant)),
        ...(written && written.length > 0 ? { attributes: written } : {}),
      },
      operation.local,
    );
    const matches = found?.matches ?? [];
    return { plan: planOf(operation, matches, name), matches };
  };

  /** What came back to us goes no further and is not done (clause 6.3.17). */
  const loop = (operation: Operation): Outcome => ({
    id: entityIdOf(operation),
    done: 'refused',
    reason: 'loop',
    detail: 'The request came back to where it had been: a loop of registrations.',
  });

  const tell = async (
    registration: Registration,
    journey: Journey,
    told: readonly Told[],
  ): Promise<Answer> => {
    const context = infoOf(registration, 'jsonldContext');
    const { path, body } = await bodyFor(registration, journey, told, contexts);
    return send(
      registration,
      {
        method: journey.method as Method,
        path,
        query: queryOf(journey),
        ...(body === undefined ? {} : { body }),
        ...(context === undefined ? {} : { context }),
      },
      journey,
    );
  };

  /** One entity of a batch, as requests of its own. */
  const tellSingly = async (
    registration: Registration,
    journey: Journey,
    told: Told,
  ): Promise<PartDone> => {
    const { body } = await bodyFor(registration, journey, [told], contexts);
    const [item] = body as readonly unknown[];
    const context = infoOf(registration, 'jsonldContext');
    const ways = singly(told.operation);
    const query = queryOf(journey);
    // The mode of an upsert is told by what is asked then.
    if (ways.length > 1) query.delete('options');
    const tellBy = ({ method, path }: Way) =>
      send(
        registration,
        {
          method,
          path,
          query,
          ...(method === 'DELETE' ? {} : { body: item }),
          ...(context === undefined ? {} : { context }),
        },
        journey,
      );
    const offered = ways.filter((way) => registration.operations.has(way.name));
    const first = await tellBy(offered[0]!);
    const isThere = ways.length > 1 && offered[0] === ways[0] && isConflict(first);
    if (!isThere) return partOf(registration, first);
    return offered[1]
      ? partOf(registration, await tellBy(offered[1]))
      : closedPart(registration, ways[1]!.name);
  };

  const writeOne = async (
    operation: Operation,
    tenant: string,
    journey: Journey,
  ): Promise<Outcome> => {
    const name = nameOf(operation, false);
    const { plan: planned, matches } = await plan(operation, tenant, name);
    if (matches.length > 0 && journey.seen.has(journey.alias)) return loop(operation);
    const { told, closed } = planned;
    const [own, ...parts] = await Promise.all([
      planned.here ? here.write([planned.here], tenant).then(([one]) => one) : undefined,
      ...told.map(async ({ registration, attributes }) =>
        withNames(
          partOf(registration, await tell(registration, journey, [{ operation, attributes }])),
          attributes,
        ),
      ),
    ]);
    const outcome = combine(entityIdOf(operation), own, [
      ...parts,
      ...closed.map((registration) => closedPart(registration, name)),
    ]);
    const written = attributesOf(operation);
    return outcome.done === 'refused' || !written ? outcome : { ...outcome, written };
  };

  const writeBatch = async (
    operations: readonly Operation[],
    tenant: string,
    journey: Journey,
  ): Promise<Outcome[]> => {
    const planned = await Promise.all(
      operations.map(async (operation) => ({
        operation,
        ...(await plan(operation, tenant, nameOf(operation, true))),
      })),
    );
    if (planned.some(({ matches }) => matches.length > 0) && journey.seen.has(journey.alias))
      return operations.map(loop);
    const bySource = new Map<Registration, { at: number; told: Told }[]>();
    planned.forEach(({ operation, plan: { told } }, at) => {
      for (const { registration, attributes } of told) {
        const list = bySource.get(registration) ?? [];
        list.push({ at, told: { operation, attributes } });
        bySource.set(registration, list);
      }
    });
    const left = planned.flatMap(({ plan: { here: own } }, at) => (own ? [{ at, own }] : []));
    const parts: PartDone[][] = operations.map(() => []);
    const [own] = await Promise.all([
      left.length > 0
        ? here.write(
            left.map((one) => one.own),
            tenant,
          )
        : [],
      ...Array.from(bySource, async ([registration, list]) => {
        const name = nameOf(list[0]!.told.operation, true);
        if (!registration.operations.has(name)) {
          for (const { at, told } of list)
            parts[at]!.push(await tellSingly(registration, journey, told));
          return;
        }
        const answer = await tell(
          registration,
          journey,
          list.map(({ told }) => told),
        );
        for (const { at } of list)
          parts[at]!.push(batchPartOf(registration, answer, entityIdOf(operations[at]!)));
      }),
    ]);
    const ownAt = new Map(left.map(({ at }, n) => [at, own[n]!]));
    return planned.map(({ operation, plan: { closed } }, at) =>
      combine(entityIdOf(operation), ownAt.get(at), [
        ...parts[at]!,
        ...closed.map((registration) => closedPart(registration, nameOf(operation, true))),
      ]),
    );
  };

  return {
    write: async (operations, tenant) => {
      const concerned = await matching.concerned(tenant, operations[0]?.local);
      if (!concerned) return here.write(operations, tenant);
      const { journey } = concerned;
      if (isBatch(journey)) return writeBatch(operations, tenant, journey);
      return Promise.all(operations.map((operation) => writeOne(operation, tenant, journey)));
    },
    purge: async (purge: Purge, tenant) => {
      const { filter } = purge;
      const found = await matching.matching(
        {
          tenant,
          ...(filter.selectors?.length ? { selectors: filter.selectors } : {}),
          ...(filter.geo ? { geo: filter.geo } : {}),
          ...(filter.scopes ? { scopes: filter.scopes } : {}),
          ...(filter.csf ? { csf: filter.csf } : {}),
        },
        filter.local,
      );
      if (!found || found.matches.length === 0) return here.purge(purge, tenant);
      const { journey, matches } = found;
      const concerned = matches.filter(
        ({ registration }) =>
          isProxied(registration) ||
          (registration.mode === 'inclusive' && registration.operations.has('purgeEntity')),
      );
      if (concerned.length > 0 && journey.seen.has(journey.alias))
        return concerned.map(({ registration }) => ({
          id: registration.id,
          done: 'refused',
          reason: 'loop',
          detail: 'The request came back to where it had been: a loop of registrations.',
        }));
      const [own, ...others] = await Promise.all([
        here.purge(purge, tenant),
        ...concerned.map(async ({ registration }): Promise<Outcome | undefined> => {
          const part = registration.operations.has('purgeEntity')
            ? partOf(registration, await tell(registration, journey, []))
            : closedPart(registration, 'purgeEntity');
          if (!part.failure || part.failure.reason === 'not-found') return undefined;
          const { id } = registration;
          return combine(id, undefined, [part]);
        }),
      ]);
      return [...own, ...others.filter((one) => one !== undefined)];
    },
  };
};
