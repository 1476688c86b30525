import { Refusal } from '#kernel/errors';
import type { Names } from '../../jsonld/compile.ts';
import type { Contexts } from '../../jsonld/contexts.ts';
import { PAGE_ITEMS_MAX } from '../../query/question.ts';
import type { Match } from '../registrations/model.ts';
import type { Journey } from './journey.ts';
import { infoOf, type Answer, type Call, type Send, sentenceOf, warningOf } from './send.ts';
import { openTranslation, type Translation } from './translate.ts';

const NOT_FOUND = 404;
const IN_PART = 206;
/** Of one source for one query; who wants more asks closer. */
const SOURCE_ENTITIES_MAX = 10_000;

/** What is asked of a source, in its names, and how one item of its answer is read: undefined for what is not there any more. */
export type Inquiry<T> = {
  readonly calls: (names: Names, translation: Translation | undefined) => readonly Call[];
  /** Throws Refusal('invalid') for what is no such thing. */
  readonly receive: (json: unknown, names: Names) => Promise<T | undefined>;
};

/** The same question from here on. A source that pages is asked for large pages then (clause 5.5.9). */
const pageOf = (call: Call, offset: number): Call => {
  const query = new URLSearchParams(call.query);
  query.set('limit', String(PAGE_ITEMS_MAX));
  query.set('offset', String(offset));
  return { ...call, query };
};

/** Asked in other names, it was not asked the whole question. */
export const isForeign = ({ registration }: Match): boolean =>
  infoOf(registration, 'jsonldContext') !== undefined;

/** A request that came back to us ends here (clause 4.3.6.4). */
export const isLoop = (journey: Journey): boolean => {
  if (!journey.seen.has(journey.alias)) return false;
  journey.warn(199, 'the request came back to where it had been: a loop of registrations');
  return true;
};

/** Asks sources for entities or their histories, page by page; what is amiss becomes a warning (Table 6.3.17-1). */
export const openAsking = (send: Send, contexts: Contexts) => {
  const take = async <T>(
    { registration }: Match,
    answer: Answer,
    read: (json: unknown) => Promise<T | undefined>,
    journey: Journey,
  ): Promise<readonly T[]> => {
    if (answer.kind === 'answer') journey.relay(answer.warnings);
    if (answer.kind === 'answer' && answer.status === NOT_FOUND) return [];
    if (answer.kind !== 'answer' || answer.status >= 300 || answer.status < 200) {
      journey.warn(warningOf(answer), sentenceOf(registration, answer));
      return [];
    }
    if (answer.status === IN_PART)
      journey.warn(299, `${registration.id} told of a part of the time alone`);
    try {
      const items = await Promise.all([answer.json].flat().map(read));
      return items.filter((item) => item !== undefined);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      journey.warn(111, `${registration.id}: ${error.message}`);
      return [];
    }
  };

  return async <T>(
    match: Match,
    journey: Journey,
    { calls, receive }: Inquiry<T>,
  ): Promise<readonly T[]> => {
    const { registration } = match;
    const own = infoOf(registration, 'jsonldContext');
    const asked = await journey.names();
    const names = own === undefined ? asked : await contexts.namesOf(own);
    const translation = own === undefined ? undefined : openTranslation(asked, names);
    const all = async (call: Call): Promise<readonly T[]> => {
      const taken: T[] = [];
      for (let next: Call | undefined = call; next;) {
        const answer: Answer = await send(registration, next, journey);
        const page = await take(match, answer, (json) => receive(json, names), journey);
        taken.push(...page);
        const goesOn = answer.kind === 'answer' && answer.more && page.length > 0;
        next = goesOn ? pageOf(call, taken.length) : undefined;
        if (next && taken.length >= SOURCE_ENTITIES_MAX) {
          journey.warn(199, `${registration.id} has more than ${SOURCE_ENTITIES_MAX} entities`);
          next = undefined;
        }
      }
      return taken;
    };
    return (await Promise.all(calls(names, translation).map(all))).flat();
  };
};
