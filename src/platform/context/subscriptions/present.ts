import { parseInstant } from '#kernel/time';
import type { Names } from '../jsonld/compile.ts';
import { CORE_CONTEXT } from '../jsonld/core-context.ts';
import { shownUri } from './endpoint.ts';
import { toShortNames } from './full-names.ts';
import type { Subscription } from './subscriptions.ts';

/** Table 5.2.12-2. */
const statusOf = ({ document }: Subscription, now: Date): 'active' | 'paused' | 'expired' => {
  const untilMs = document.expiresAt === undefined ? Infinity : parseInstant(document.expiresAt);
  if ((untilMs ?? Infinity) <= now.getTime()) return 'expired';
  return document.isActive === false ? 'paused' : 'active';
};

/** Table 5.2.14.2-1: there once something was sent. */
const countersOf = (found: Subscription) => {
  const { timesSent, timesFailed, lastNotification, lastSuccess, lastFailure } = found;
  if (timesSent === 0 || !lastNotification) return {};
  return {
    status: !lastFailure || (lastSuccess && lastSuccess >= lastFailure) ? 'ok' : 'failed',
    timesSent,
    ...(timesFailed > 0 ? { timesFailed } : {}),
    lastNotification,
    ...(lastSuccess ? { lastSuccess } : {}),
    ...(lastFailure ? { lastFailure } : {}),
  };
};

/** A subscription as clients read it (clause 5.2.12), in the caller's names; `q` stays in the words it was written in. */
export const presentSubscription = (
  found: Subscription,
  names: Names,
  now: Date,
  sysAttrs: boolean,
): Record<string, unknown> => {
  const document = toShortNames(found.document, names);
  return {
    ...document,
    ...(found.context === null || typeof found.context === 'string'
      ? { jsonldContext: found.context ?? CORE_CONTEXT }
      : {}),
    status: statusOf(found, now),
    ...(sysAttrs ? { createdAt: found.createdAt, modifiedAt: found.modifiedAt } : {}),
    notification: {
      ...document.notification,
      endpoint: {
        ...document.notification.endpoint,
        uri: shownUri(document.notification.endpoint.uri),
      },
      ...countersOf(found),
    },
  };
};
