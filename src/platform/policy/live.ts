import type { Actor } from '#kernel/actor';
import type { Database } from '#kernel/database';
import type { Logger } from '#kernel/log';
import { openLooking } from '#kernel/schedule';
import type { Clock } from '#kernel/time';
import type { Book } from './library.ts';

/** A change counts in every process within a second. */
const LOOK_MS = 500;

const APPROVED = `
  select distinct on (module) module, text from policy.changes where state = 'approved'
  order by module, decided_at desc, number desc`;

type Needs = {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly books: readonly Book[];
  readonly underWay: () => Promise<ReadonlyMap<string, number>>;
  /** Throws Refusal where one of them does not hold (any more). */
  readonly replace: (texts: ReadonlyMap<string, string>) => void;
  /** Called after anything changed. */
  readonly changed: () => void;
};

/** What is written down of rights and emergencies, as this process goes by it. */
export const openLive = ({ database, clock, log, ...needs }: Needs) => {
  let revision = -1;
  let texts: ReadonlyMap<string, string> = new Map();
  let emergencies: ReadonlyMap<string, number> = new Map();
  let unusable: ReadonlySet<string> = new Set();

  /** A text that an upgrade made unreadable must not stop the house: its module's own file takes its place, visibly. */
  const putInForce = (approved: ReadonlyMap<string, string>): void => {
    const held = new Map<string, string>();
    const failed = new Set<string>();
    for (const [module, text] of approved)
      try {
        needs.replace(new Map([...held, [module, text]]));
        held.set(module, text);
      } catch (error) {
        failed.add(module);
        log.error({ err: error, module }, 'changed rights cannot be used; the delivered ones are');
      }
    needs.replace(held);
    texts = held;
    unusable = failed;
  };

  const lookNow = async (): Promise<void> => {
    const [row] = await database.query<{ revision: number }>(
      'select revision from policy.revision',
      [],
      'policy-revision',
    );
    const current = Number(row?.revision);
    if (current === revision) return;
    const approved = await database.query<{ module: string; text: string }>(APPROVED);
    emergencies = await needs.underWay();
    const known = new Set(needs.books.map(({ module }) => module));
    putInForce(new Map(approved.filter((a) => known.has(a.module)).map((a) => [a.module, a.text])));
    needs.changed();
    revision = current;
  };
  const { look, start, stop } = openLooking({
    read: lookNow,
    everyMs: LOOK_MS,
    failed: (error) => log.warn({ err: error }, 'rights cannot be read'),
  });

  return {
    look,
    isEmergency: ({ id }: Actor): boolean => {
      if (emergencies.size === 0) return false;
      const until = emergencies.get(id);
      return until !== undefined && until > clock.now().getTime();
    },
    /** The text in force in the place of a module's own, if any. */
    textOf: (module: string): string | undefined => texts.get(module),
    isUnusable: (module: string): boolean => unusable.has(module),
    texts: () => texts,
    start,
    stop,
  };
};
export type Live = ReturnType<typeof openLive>;
