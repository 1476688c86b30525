import { Refusal } from '#kernel/errors';
import type { Decided, Evaluation, Evaluations } from './contract.ts';
import { PAGE_ITEMS_MAX } from './contract.ts';

/** Who decides, as OpenID AuthZEN sees it; `list…` answers in one order, after an id, so that searches can be continued. */
export type DecisionPoint = {
  readonly decide: (evaluation: Evaluation) => Promise<Decided>;
  readonly listSubjects: (type: string, afterId: string, limit: number) => Promise<string[]>;
  readonly listResources: (type: string, afterId: string, limit: number) => Promise<string[]>;
  readonly listActions: (resourceType: string) => readonly string[];
};

/** Candidates looked at for one page of a search, so that one that finds little ends too. */
const CANDIDATES_MAX = 5000;
const CHUNK = 500;

const isWhole = (evaluation: Partial<Evaluation>): evaluation is Evaluation =>
  !!evaluation.subject && !!evaluation.action && !!evaluation.resource;

const lacking: Decided = {
  decision: false,
  context: { error: { status: 400, message: 'subject, action and resource are all needed' } },
};

/**
 * Section 7: many at once, with defaults (7.1.1) and the three semantics (7.1.2.1). Without any evaluations it is a single
 * one. Throws Refusal('invalid') where that one is not whole.
 */
export const decideMany = async (
  { decide }: DecisionPoint,
  { evaluations = [], options, ...defaults }: Evaluations,
): Promise<Decided | { evaluations: Decided[] }> => {
  if (evaluations.length === 0) {
    if (isWhole(defaults)) return decide(defaults);
    throw new Refusal('invalid', 'An evaluation needs subject, action and resource.');
  }
  const semantic = options?.evaluations_semantic ?? 'execute_all';
  const decided: Decided[] = [];
  for (const one of evaluations) {
    const evaluation = { ...defaults, ...one };
    const answer = isWhole(evaluation) ? await decide(evaluation) : lacking;
    decided.push(answer);
    if (semantic === 'deny_on_first_deny' && !answer.decision) break;
    if (semantic === 'permit_on_first_permit' && answer.decision) break;
  }
  return { evaluations: decided };
};

type Page = { readonly token?: string; readonly limit?: number };

const decodeToken = (token = ''): string => Buffer.from(token, 'base64url').toString('utf8');
const encodeToken = (id: string): string => Buffer.from(id, 'utf8').toString('base64url');

/** Sections 8.4 and 8.5: those candidates for which the decision is yes, and how to go on (8.2). */
export const search = async (
  list: (afterId: string, limit: number) => Promise<string[]>,
  evaluationOf: (id: string) => Evaluation,
  { decide }: DecisionPoint,
  { token, limit = PAGE_ITEMS_MAX }: Page = {},
): Promise<{ ids: string[]; next: string }> => {
  const ids: string[] = [];
  let after = decodeToken(token);
  for (let seen = 0; seen < CANDIDATES_MAX; seen += CHUNK) {
    const candidates = await list(after, CHUNK);
    for (const id of candidates) {
      if (ids.length === limit) return { ids, next: encodeToken(after) };
      if ((await decide(evaluationOf(id))).decision) ids.push(id);
      after = id;
    }
    if (candidates.length < CHUNK) return { ids, next: '' };
  }
  return { ids, next: encodeToken(after) };
};
