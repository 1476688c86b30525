import { Refusal } from '#kernel/errors';
import { parseInstant, toInstant } from '#kernel/time';

const PROPERTIES = ['observedAt', 'createdAt', 'modifiedAt', 'deletedAt'] as const;
export type TimeProperty = (typeof PROPERTIES)[number];

export type Interval = {
  readonly property: TimeProperty;
  readonly relation?: 'before' | 'after' | 'between';
  /** Inclusive. */
  readonly from?: string;
  /** Exclusive. */
  readonly to?: string;
};

type Parameters = {
  readonly timerel?: string | undefined;
  readonly timeAt?: string | undefined;
  readonly endTimeAt?: string | undefined;
  readonly timeproperty?: string | undefined;
};

const refuse = (why: string): never => {
  throw new Refusal('invalid', `${why} (clause 4.11).`);
};

const instantOf = (text: string, what: string): string => {
  const at = parseInstant(text);
  return at === undefined || !text.endsWith('Z')
    ? refuse(`${what} is an instant in UTC such as 2026-08-01T08:00:00Z`)
    : toInstant(at);
};

/** The temporal query language (clause 4.11): the lower bound is inclusive, the upper exclusive. Throws Refusal('invalid'). */
export const parseInterval = ({
  timerel,
  timeAt,
  endTimeAt,
  timeproperty = 'observedAt',
}: Parameters): Interval => {
  const property =
    PROPERTIES.find((one) => one === timeproperty) ??
    refuse(`timeproperty is one of ${PROPERTIES.join(', ')}`);
  if (timerel === undefined)
    return timeAt === undefined && endTimeAt === undefined
      ? { property }
      : refuse('timeAt and endTimeAt need a timerel');
  if (timeAt === undefined) return refuse('timerel needs timeAt');
  const at = instantOf(timeAt, 'timeAt');
  if (timerel !== 'between' && endTimeAt !== undefined)
    return refuse('endTimeAt is for timerel=between alone');
  switch (timerel) {
    case 'before':
      return { property, relation: 'before', to: at };
    case 'after':
      return { property, relation: 'after', from: at };
    case 'between': {
      const to = instantOf(endTimeAt ?? refuse('timerel=between needs endTimeAt'), 'endTimeAt');
      if (to < at) return refuse('endTimeAt lies before timeAt');
      return { property, relation: 'between', from: at, to };
    }
    default:
      return refuse('timerel is before, after or between');
  }
};
