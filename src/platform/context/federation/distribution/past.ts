import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { IDS_MAX } from '../../query/question.ts';
import type { Sources } from '../../query/reader.ts';
import type { Other } from '../../temporal/points.ts';
import {
  findSubject,
  listSubjectIds,
  listSubjects,
  type Subject,
  type SubjectsQuestion,
} from '../../temporal/subjects.ts';
import {
  type Elsewhere,
  mergeSubjects,
  type PastElsewhere,
  type PastQuestion,
} from './evolutions.ts';

/** Entities of which something is known, here or elsewhere, with what others told of them. */
export type Known = {
  readonly subjects: readonly Subject[];
  /** Those of them of which something is known here. */
  readonly here: readonly string[];
  /** Absent where no other source was asked. */
  readonly others?: readonly Other[];
};

type Asked = Omit<SubjectsQuestion, 'limit' | 'offset' | 'count'> & {
  readonly ordered: boolean;
  readonly split: boolean;
};

const pastOf = ({ filter, interval, attributes, datasets }: Asked): PastQuestion => ({
  interval,
  sight: filter.sight,
  ...(attributes ? { attributes } : {}),
  ...(datasets ? { datasets } : {}),
});

const byId = (a: Subject, b: Subject) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const mergeAll = (here: readonly Subject[], elsewhere: readonly Subject[]): Subject[] => {
  const all = new Map(here.map((one) => [one.id, one]));
  for (const one of elsewhere) {
    const known = all.get(one.id);
    all.set(one.id, known ? mergeSubjects(known, one) : one);
  }
  return [...all.values()].toSorted(byId);
};

/** What is hidden of an entity here is so wherever its values come from. */
const shownOf = ({ others }: Elsewhere, subjects: readonly Subject[]): readonly Other[] => {
  const hidden = new Map(subjects.map(({ id, hidden: names = [] }) => [id, names]));
  return others.filter(({ entity, name }) => hidden.get(entity)?.includes(name) === false);
};

/** The past as of one platform, wherever it is kept (clauses 5.7.3 and 5.7.4). */
export const openDistributedPast = (database: Database, elsewhere: PastElsewhere) => ({
  find: async (
    id: string,
    tenant: string,
    question: PastQuestion,
  ): Promise<(Known & { readonly sources: Sources }) | undefined> => {
    const [own, there] = await Promise.all([
      findSubject(database, id, tenant, question.sight),
      elsewhere.find(id, tenant, question),
    ]);
    const subjects = mergeAll(
      own ? [own] : [],
      there?.subjects.filter((subject) => subject.id === id) ?? [],
    );
    if (subjects.length === 0) return undefined;
    return {
      subjects,
      here: own ? [id] : [],
      ...(there ? { others: shownOf(there, subjects) } : {}),
      sources: { [id]: [...(own ? ['@none'] : []), ...(there?.sources[id] ?? [])] },
    };
  },

  list: async ({
    limit,
    offset,
    count,
    ...question
  }: SubjectsQuestion & Asked): Promise<
    Known & { readonly more: boolean; readonly count?: number }
  > => {
    const there = await elsewhere.list(question.filter, pastOf(question), question);
    if (!there) {
      const page = await listSubjects(database, { ...question, limit, offset, count });
      return { ...page, here: page.subjects.map(({ id }) => id) };
    }
    const wanted = offset + limit + 1;
    if (wanted > IDS_MAX)
      throw new Refusal(
        'invalid',
        `Over several sources at most ${IDS_MAX} can be paged through.`,
        { results: true },
      );
    const own = await listSubjects(database, { ...question, limit: wanted, offset: 0, count });
    const { within } = question;
    const merged = mergeAll(
      own.subjects,
      within ? there.subjects.filter(({ id }) => within.includes(id)) : there.subjects,
    );
    const subjects = merged.slice(offset, offset + limit);
    const here = new Set(own.subjects.map(({ id }) => id));
    return {
      subjects,
      here: subjects.flatMap(({ id }) => (here.has(id) ? [id] : [])),
      others: shownOf(there, subjects),
      more: own.more || merged.length > offset + limit,
      ...(count ? { count: (own.count ?? 0) + merged.length - own.subjects.length } : {}),
    };
  },

  /** All that answer and by which source, for an entity map. */
  map: async (question: Asked): Promise<Sources> => {
    const [own, there] = await Promise.all([
      listSubjectIds(database, question),
      elsewhere.list(question.filter, pastOf(question), question),
    ]);
    const sources: Record<string, string[]> = Object.fromEntries(own.map((id) => [id, ['@none']]));
    for (const [id, known] of Object.entries(there?.sources ?? {}))
      (sources[id] ??= []).push(...known);
    return sources;
  },
});
export type Past = ReturnType<typeof openDistributedPast>;
