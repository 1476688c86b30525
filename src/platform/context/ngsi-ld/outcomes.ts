import type { FastifyReply } from 'fastify';
import { Refusal } from '#kernel/errors';
import type { Outcome } from '../operations.ts';
import { type LdProblem, toLdProblem } from './errors.ts';

type Refused = Extract<Outcome, { done: 'refused' }>;
export type Done = Exclude<Outcome, Refused>;

const KIND_OF = {
  'already-exists': 'conflict',
  invalid: 'invalid',
  'not-found': 'not-found',
  'attribute-not-found': 'not-found',
} as const satisfies Record<Refused['reason'], string>;

/** A refused outcome as the refusal that a request is answered with. */
const refusalOf = ({ id, reason, detail }: Refused): Refusal =>
  new Refusal(KIND_OF[reason], detail, { entityId: id });

/** The outcome of a single request. Throws what it was refused for. */
export const raise = (outcome: Outcome | undefined): Done => {
  if (outcome?.done !== 'refused') return outcome!;
  throw refusalOf(outcome);
};

/** What failed of a request about many, as BatchEntityError has it (clause 5.2.17). */
export type Failed = { entityId: string; error: LdProblem };

/** What was done, and what was not for which reason. */
export const partOutcomes = (
  outcomes: readonly Outcome[],
  requestId: string,
): { done: Done[]; failed: Failed[] } => {
  const done: Done[] = [];
  const failed: Failed[] = [];
  for (const outcome of outcomes)
    if (outcome.done === 'refused')
      failed.push({ entityId: outcome.id, error: toLdProblem(refusalOf(outcome), requestId) });
    else done.push(outcome);
  return { done, failed };
};

export const idsOf = (outcomes: readonly Done[], done?: Done['done']): string[] =>
  outcomes.filter((one) => done === undefined || one.done === done).map(({ id }) => id);

/** 207 with a BatchOperationResult (clause 5.2.16). */
export const sendMixed = (reply: FastifyReply, done: readonly Done[], errors: readonly Failed[]) =>
  reply.code(207).send({ success: idsOf(done), errors });
