import { coreNames, type Names } from '../../jsonld/compile.ts';
import { type Kept, toShortNames } from './full-names.ts';
import type { Match } from './model.ts';
import type { Stored } from './rows.ts';

type Json = Record<string, unknown>;

/** How the last request to it went; undefined before the first. */
export const statusOf = ({
  timesSent,
  lastSuccess,
  lastFailure,
}: Stored): 'ok' | 'failed' | undefined => {
  if (timesSent === 0) return undefined;
  return !lastFailure || (lastSuccess && lastSuccess >= lastFailure) ? 'ok' : 'failed';
};

/** Table 5.2.9-2: there once a request was sent. */
const countersOf = (stored: Stored): Json => {
  const { timesSent, timesFailed, lastSuccess, lastFailure } = stored;
  if (timesSent === 0) return {};
  return {
    status: statusOf(stored),
    timesSent,
    timesFailed,
    ...(lastSuccess ? { lastSuccess } : {}),
    ...(lastFailure ? { lastFailure } : {}),
  };
};

/** A registration with those elements of `information` alone that met the question (clause 5.11.7). */
export const reduceToParts = ({ registration: { document }, parts }: Match): Kept => ({
  ...document,
  information: parts.map(({ index }) => document.information[index]!),
});

/** A registration as clients read it (clause 5.2.9), in the caller's names. */
export const presentRegistration = (stored: Stored, names: Names, sysAttrs: boolean): Json => ({
  ...toShortNames(stored.document, names),
  ...countersOf(stored),
  ...(sysAttrs ? { createdAt: stored.createdAt, modifiedAt: stored.modifiedAt } : {}),
});

/** As a notification tells of it: types always as lists, so that its readers find them in one place. */
export const presentNoticed = (document: Kept, names: Names = coreNames): Json => {
  const shown = toShortNames(document, names) as { information: Json[] };
  return {
    ...shown,
    information: shown.information.map((info) =>
      Array.isArray(info['entities'])
        ? {
            ...info,
            entities: info['entities'].map((one: Json) =>
              one['type'] === undefined ? one : { ...one, type: [one['type']].flat() },
            ),
          }
        : info,
    ),
  };
};
