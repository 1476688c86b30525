import type { Database } from '#kernel/database';
import type { Logger } from '#kernel/log';
import { compileRegistration } from './compile.ts';
import type { Kept } from './full-names.ts';
import { matchOf } from './match.ts';
import type { Match, Question, Registration, Registry } from './model.ts';

/** What another process registered is known here so soon; what this one did, at once. */
const STALE_MS = 250;
/** So long what is known answers while it is looked whether it still holds: nobody waits for the database then. */
const TRUSTED_MS = 2_000;

type Row = { tenant: string; id: string; document: Kept };

/** One statement, one moment: the rows are those of the revision. */
const LOAD = `
  select (select revision from context.registrations_revision) as revision,
    coalesce((select json_agg(json_build_object('tenant', r.tenant, 'id', r.id, 'document', r.document) order by r.id)
      from context.registrations r), '[]') as rows`;

const NONE: readonly Registration[] = [];

const toRegistry = (revision: number, list: readonly Registration[]): Registry => {
  const byTenant = Map.groupBy(list, ({ tenant }) => tenant);
  const ofTenant = (tenant: string) => byTenant.get(tenant) ?? NONE;
  return {
    revision,
    count: list.length,
    isEmpty: (tenant) => !byTenant.has(tenant),
    list: ofTenant,
    find: (tenant, id) => ofTenant(tenant).find((one) => one.id === id),
    matching: (question: Question): readonly Match[] =>
      ofTenant(question.tenant).flatMap((one) => matchOf(one, question) ?? []),
  };
};

/** The registrations in memory, read anew when one of them changed, whichever process changed it. */
export const openRegistry = (database: Database, log: Logger) => {
  let known: Registry | undefined;
  let checkedAt = -Infinity;
  let checking: Promise<Registry> | undefined;
  let changes = 0;

  const load = async (): Promise<Registry> => {
    const [row] = await database.query<{ revision: number; rows: readonly Row[] }>(LOAD);
    const list = (row?.rows ?? []).flatMap((one) => {
      try {
        return [compileRegistration(one.document, one.tenant, one.id)];
      } catch (error) {
        // It was checked when it was made: one that a newer version no longer reads must not stop the others.
        log.error({ err: error, registration: one.id }, 'a registration cannot be read');
        return [];
      }
    });
    return toRegistry(Number(row?.revision), list);
  };

  const check = async (): Promise<Registry> => {
    const startedAt = performance.now();
    const before = changes;
    const [row] = await database.query<{ revision: number }>(
      'select revision from context.registrations_revision',
      [],
      'context-registrations-revision',
    );
    const fresh = known && known.revision === Number(row?.revision) ? known : await load();
    if (before === changes) {
      known = fresh;
      checkedAt = startedAt;
    }
    return fresh;
  };

  return {
    /** What is known where that is fresh: for those who cannot wait. */
    peek: (): Registry | undefined =>
      performance.now() - checkedAt < STALE_MS ? known : undefined,
    /** Without a trip to the database most of the time: a request pays nothing for there being no registrations. */
    current: async (): Promise<Registry> => {
      const age = performance.now() - checkedAt;
      if (known && age < STALE_MS) return known;
      if (!checking) {
        const mine = check().finally(() => {
          if (checking === mine) checking = undefined;
        });
        checking = mine;
      }
      if (!known || age >= TRUSTED_MS) return checking;
      // Who asks when this is not trusted any more is told why it failed.
      checking.catch(() => {});
      return known;
    },
    /** After a change of this process: the next to ask reads anew. */
    forget: (): void => {
      changes += 1;
      known = undefined;
      checking = undefined;
    },
  };
};
export type OpenRegistry = ReturnType<typeof openRegistry>;
