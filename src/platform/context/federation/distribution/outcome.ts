import type { Failure, Outcome } from '../../operations.ts';
import { isProxied, type Registration } from '../registrations/model.ts';
import { type Answer, sentenceOf } from './send.ts';

const MIXED = 207;
const REASON_OF: Readonly<Record<number, Failure['reason']>> = {
  404: 'not-found',
  409: 'already-exists',
  508: 'loop',
};

/** What became of one part of an operation: done, or a failure (clause 6.3.17). */
export type PartDone = {
  readonly failure?: Failure;
  readonly created?: boolean;
  /** Whether the source holds it instead of us (clause 4.3.6.3). */
  readonly proxied: boolean;
};

const reasonOf = (answer: Answer): Failure['reason'] => {
  if (answer.kind === 'timeout') return 'timeout';
  if (answer.kind !== 'answer') return 'bad-gateway';
  return answer.status === MIXED ? 'in-part' : (REASON_OF[answer.status] ?? 'bad-gateway');
};

const failed = (registration: Registration, failure: Failure): PartDone => ({
  proxied: isProxied(registration),
  failure: { ...failure, registration: registration.id },
});

/** A source that holds it takes no such operation: a conflict (clauses 5.6.1.4 to 5.6.21.4). */
export const closedPart = (registration: Registration, what: string): PartDone =>
  failed(registration, {
    reason: 'conflict',
    detail: `${registration.id} holds this and does not offer ${what} (clause 4.20).`,
  });

/** What a source answered to an operation on one entity. */
export const partOf = (registration: Registration, answer: Answer): PartDone =>
  answer.kind === 'answer' && answer.status >= 200 && answer.status < 300 && answer.status !== MIXED
    ? { created: answer.status === 201, proxied: isProxied(registration) }
    : failed(registration, {
        reason: reasonOf(answer),
        detail: sentenceOf(registration, answer),
      });

type Erred = { entityId?: string; error?: { status?: number; detail?: string; title?: string } };

/** What a source answered to a batch, of one of its entities (clauses 5.2.16 and 5.6.7.4). */
export const batchPartOf = (registration: Registration, answer: Answer, id: string): PartDone => {
  if (answer.kind !== 'answer') return partOf(registration, answer);
  if (answer.status !== MIXED) {
    const made = Array.isArray(answer.json) && answer.json.includes(id);
    return { ...partOf(registration, answer), created: made };
  }
  const told = (answer.json as { errors?: unknown } | undefined)?.errors;
  const error = (Array.isArray(told) ? (told as Erred[]) : []).find(
    (one) => one?.entityId === id,
  )?.error;
  if (!error) return { proxied: isProxied(registration) };
  return failed(registration, {
    reason: REASON_OF[error.status ?? 0] ?? 'bad-gateway',
    detail: `${registration.id}: ${String(error.detail ?? error.title ?? 'it failed there')}`,
  });
};

const asRefusal = (id: string, { reason, detail, registration }: Failure): Outcome => ({
  id,
  done: 'refused',
  reason: reason === 'in-part' ? 'bad-gateway' : reason,
  detail,
  ...(registration ? { registration } : {}),
});

/**
 * All parts as one outcome (clause 6.3.17): done; refused, where there is but one part or nobody knows the entity; else
 * done in part (207). `unchanged` with failures is what nobody did.
 */
export const combine = (
  id: string,
  here: Outcome | undefined,
  parts: readonly PartDone[],
): Outcome => {
  const isDone = ({ failure }: PartDone) => !failure || failure.reason === 'in-part';
  const isAbsent = here?.done === 'refused' && here.reason === 'not-found';
  // What others hold instead of us need not be here.
  const own = isAbsent && parts.some(({ proxied }) => proxied) ? undefined : here;
  const elsewhere = parts.flatMap(({ failure }) => failure ?? []);
  const failures: Failure[] =
    own?.done === 'refused'
      ? [{ reason: own.reason, detail: own.detail }, ...elsewhere]
      : elsewhere;
  const ownDone = own && own.done !== 'refused' ? own : undefined;
  const created = parts.some((part) => part.created);
  const done: Outcome = ownDone ?? { id, done: created ? 'created' : 'updated' };
  const [first] = failures;
  if (!first) return done;
  const isAnyDone = ownDone !== undefined || parts.some(isDone);
  const isAlone = failures.length === 1 && first.reason !== 'in-part';
  const isUnknown = failures.every(({ reason }) => reason === 'not-found');
  if (!isAnyDone && (isAlone || isUnknown)) return asRefusal(id, first);
  return isAnyDone ? { ...done, failures } : { id, done: 'unchanged', failures };
};
