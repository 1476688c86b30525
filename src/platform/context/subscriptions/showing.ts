import type { Database } from '#kernel/database';
import type { Logger } from '#kernel/log';

/** How soon a subscription that another process took is known of here. */
const LOOK_MS = 1_000;

const SHOWING =
  'select exists (select 1 from context.subscriptions where shows_changes) as showing';

/**
 * Whether anybody is told what was there before a change (clause 5.2.14.1, showChanges): only then do changes carry it.
 * Known at once of subscriptions that this process takes, within a second of those of others.
 */
export const openShowing = (database: Database, log: Logger) => {
  let showing = false;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  const look = async () => {
    const [row] = await database.query<{ showing: boolean }>(SHOWING, [], 'context-showing');
    showing = row?.showing ?? false;
  };
  const lookAgain = () => {
    timer = setTimeout(() => {
      void look()
        .catch((error: unknown) => log.warn({ err: error }, 'subscriptions cannot be read'))
        .then(() => ended || lookAgain());
    }, LOOK_MS).unref();
  };

  return {
    current: () => showing,
    look,
    start: async () => {
      await look();
      lookAgain();
    },
    stop: () => {
      ended = true;
      clearTimeout(timer);
    },
  };
};
