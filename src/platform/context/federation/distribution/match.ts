import type { Clock } from '#kernel/time';
import { isSnapshotSpace } from './space.ts';
import type { Match, Question } from '../registrations/model.ts';
import type { OperationName } from '../registrations/operations.ts';
import type { OpenRegistry } from '../registrations/registry.ts';
import { type Journey, journeyNow } from './journey.ts';

const NONE: readonly Match[] = [];

export type Found = { readonly journey: Journey; readonly matches: readonly Match[] };

/** Which sources a request concerns (clause 5.12): none where it is for what is here alone, or was here before. */
export const openMatching = (registry: OpenRegistry, clock: Clock) => {
  const concerned = async (tenant: string, local: boolean | undefined) => {
    const journey = journeyNow();
    if (!journey || local || isSnapshotSpace(tenant)) return undefined;
    const known = await registry.current();
    return known.isEmpty(tenant) ? undefined : { journey, known };
  };

  return {
    /** Whether anybody is registered at all: it costs one look into a map. */
    concerned,
    /** Those that offer one of these operations. */
    matching: async (
      question: Omit<Question, 'atMs' | 'seen' | 'operation'>,
      local: boolean | undefined,
      operations?: readonly OperationName[],
    ): Promise<Found | undefined> => {
      const found = await concerned(question.tenant, local);
      if (!found) return undefined;
      const { journey, known } = found;
      const matches = known
        .matching({ ...question, atMs: clock.now().getTime(), seen: journey.seen })
        .filter(
          ({ registration }) =>
            !operations || operations.some((name) => registration.operations.has(name)),
        );
      return matches.length > 0 ? { journey, matches } : { journey, matches: NONE };
    },
  };
};
export type Matching = ReturnType<typeof openMatching>;
