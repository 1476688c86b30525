import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '#kernel/errors';
import type { Outcome } from '../operations.ts';
import { iriOf } from '../jsonld/compile.ts';
import { type LdProblem, toLdProblem } from './errors.ts';
import { locationOf } from './parameters.ts';

type Refused = Extract<Outcome, { done: 'refused' }>;
export type Done = Exclude<Outcome, Refused>;

const KIND_OF = {
  'already-exists': 'conflict',
  invalid: 'invalid',
  'not-found': 'not-found',
  'attribute-not-found': 'not-found',
  conflict: 'conflict',
  loop: 'loop',
  timeout: 'timeout',
  'bad-gateway': 'bad-gateway',
} as const satisfies Record<Refused['reason'], string>;

/** A refused outcome as the refusal that a request is answered with. */
const refusalOf = ({ id, reason, detail }: Refused): Refusal =>
  new Refusal(KIND_OF[reason], detail, {
    entityId: id,
    ...(reason === 'conflict' ? { conflict: true } : {}),
  });

/** A request about one entity that was done in part (207): some source failed, or what is here did. */
export class DoneInPart extends Error {
  readonly outcome: Done;
  constructor(outcome: Done) {
    super('done in part');
    this.outcome = outcome;
  }
}

/** The outcome of a single request. Throws what it was refused for, or DoneInPart. */
export const raise = (outcome: Outcome | undefined): Done => {
  if (outcome?.done === 'refused') throw refusalOf(outcome);
  if (outcome?.failures) throw new DoneInPart(outcome);
  return outcome!;
};

/** Whether anybody did anything of it. */
const isAnyDone = ({ done, failures }: Done) => !failures || done !== 'unchanged';

const IN_PART = { reason: 'bad-gateway' } as const;

/** Each failed part as BatchEntityError has it (clause 5.2.17), with the registration that it came by. */
const failuresOf = ({ id, failures = [] }: Done, requestId: string): Failed[] =>
  failures.map(({ reason, detail, registration }) => ({
    entityId: id,
    ...(registration ? { registrationId: registration } : {}),
    error: toLdProblem(
      refusalOf({ id, done: 'refused', ...(reason === 'in-part' ? IN_PART : { reason }), detail }),
      requestId,
    ),
  }));

/** What failed of a request about many, as BatchEntityError has it (clause 5.2.17). */
export type Failed = { entityId: string; registrationId?: string; error: LdProblem };

/** What was done, and what was not for which reason. */
export const partOutcomes = (
  outcomes: readonly Outcome[],
  requestId: string,
): { done: Done[]; failed: Failed[] } => {
  const done: Done[] = [];
  const failed: Failed[] = [];
  for (const outcome of outcomes)
    if (outcome.done === 'refused')
      failed.push({
        entityId: outcome.id,
        ...(outcome.registration ? { registrationId: outcome.registration } : {}),
        error: toLdProblem(refusalOf(outcome), requestId),
      });
    else {
      failed.push(...failuresOf(outcome, requestId));
      if (isAnyDone(outcome)) done.push(outcome);
    }
  return { done, failed };
};

export const idsOf = (outcomes: readonly Done[], done?: Done['done']): string[] =>
  outcomes.filter((one) => done === undefined || one.done === done).map(({ id }) => id);

/** 207 with a BatchOperationResult (clause 5.2.16). */
export const sendMixed = (reply: FastifyReply, done: readonly Done[], errors: readonly Failed[]) =>
  reply.code(207).send({ success: idsOf(done), errors });

/** 207 for a request about one entity: an UpdateResult where it is about its attributes (tables 6.6.3.1-2 to 6.7.3.3-2). */
export const sendInPart = (
  { outcome }: DoneInPart,
  request: FastifyRequest,
  reply: FastifyReply,
) => {
  const [path = ''] = request.url.split('?');
  if (request.method === 'POST' && /\/entities\/?$/.test(path))
    reply.header(
      'location',
      locationOf(path.includes('/temporal/') ? 'temporal/entities' : 'entities', outcome.id),
    );
  if (!/\/attrs(?:\/|$)/.test(path))
    return sendMixed(reply, isAnyDone(outcome) ? [outcome] : [], failuresOf(outcome, request.id));
  const { notUpdated = [], failures = [], written = [] } = outcome;
  const missed = [
    ...notUpdated.map(({ name, reason }) => ({ attributeName: iriOf(name), reason })),
    ...failures.flatMap(({ attributes = written, detail, registration }) =>
      attributes.map((name) => ({
        attributeName: iriOf(name),
        reason: detail,
        ...(registration ? { registrationId: registration } : {}),
      })),
    ),
  ];
  const names = new Set(missed.map(({ attributeName }) => attributeName));
  const updated = written.map(iriOf).filter((name) => !names.has(name));
  return reply.code(207).send({ updated, notUpdated: missed });
};
