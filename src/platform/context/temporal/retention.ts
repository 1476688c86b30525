import { type Static, Type } from 'typebox';
import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { type Clock, toInstant } from '#kernel/time';
import { coreNames } from '../jsonld/compile.ts';
import { type Keeping, rollHours } from './hourly.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Entities looked at in one step, and rows that become hours in one transaction. */
const STEP_ENTITIES = 500;
const STEP_ROWS = 5_000;
const DAYS_MAX = 36_500;
/** Of the hour between two runs; what is left then goes on in the next. */
export const RETENTION_LIMIT_SECONDS = 300;
const WORK_MS = 240_000;

export const RETENTION_SETTINGS = {
  HISTORY_DAYS: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: DAYS_MAX,
      description: 'Days for which every value is kept; for ever where unset',
    }),
  ),
  HISTORY_DAYS_BY_TYPE: Type.Optional(
    Type.String({ description: 'The same by type of entity: Type=days,…; 0 is for ever' }),
  ),
};
const Settings = Type.Object(RETENTION_SETTINGS);

/** How many days the values of a type are kept; undefined is for ever. */
export type Retention = {
  readonly days: number | undefined;
  readonly byType: ReadonlyMap<string, number | undefined>;
};

const RULE = /^\s*([^=,\s]+)\s*=\s*(\d{1,5})\s*$/;

/** Types by their names in the core context, or in full. Throws Refusal('invalid') naming the rule. */
export const parseRetention = (settings: Static<typeof Settings>): Retention => {
  const rules = (settings.HISTORY_DAYS_BY_TYPE ?? '').split(',').filter((rule) => rule.trim());
  return {
    days: settings.HISTORY_DAYS,
    byType: new Map(
      rules.map((rule) => {
        const [, type = '', days = ''] = RULE.exec(rule) ?? [];
        if (type === '' || Number(days) > DAYS_MAX)
          throw new Refusal(
            'invalid',
            `HISTORY_DAYS_BY_TYPE has ${JSON.stringify(rule.trim())}; a rule is Type=days, up to ${DAYS_MAX}.`,
          );
        return [coreNames.expand(type), Number(days) || undefined] as const;
      }),
    ),
  };
};

/** Of several types the longest counts. */
const daysOf = ({ days, byType }: Retention, types: readonly string[]): number | undefined => {
  const named = types.filter((type) => byType.has(type)).map((type) => byType.get(type));
  if (named.length === 0) return days;
  return named.includes(undefined) ? undefined : Math.max(...(named as number[]));
};

type Walked = { tenant: string; id: string; types: string[] };

/** What has a history, in order: the live picture, and what the history alone tells of. */
const WALK = `
  (select e.tenant, e.id, e.types from context.entities e where (e.tenant, e.id) > ($1, $2) order by e.tenant, e.id limit $3)
  union all
  (select distinct on (h.tenant, h.entity) h.tenant, h.entity, h.types from context.history h
   where h.op in ('delete', 'told') and (h.tenant, h.entity) > ($1, $2) order by h.tenant, h.entity, h.seq desc limit $3)
  order by 1, 2 limit $3`;

const beforeOf = (now: Date, days: number): string =>
  toInstant(Math.floor((now.getTime() - days * DAY_MS) / HOUR_MS) * HOUR_MS);

/**
 * Turns values that are older than their type is kept into hours (history_hourly), in steps that are each one
 * transaction, until all is done or the time is up. Answers how many rows went.
 */
export const rollOldHistory = async (
  database: Database,
  clock: Clock,
  retention: Retention,
): Promise<number> => {
  const ends = performance.now() + WORK_MS;
  if (retention.days === undefined && retention.byType.size === 0) return 0;
  let [tenant, id, gone] = ['', '', 0];
  while (performance.now() < ends) {
    const walked = await database.query<Walked>(WALK, [tenant, id, STEP_ENTITIES]);
    const last = walked.at(-1);
    if (!last) return gone;
    const once = Map.groupBy(walked, (one) => `${one.tenant}\n${one.id}`);
    const keepings = [...once.values()].flatMap((same): Keeping[] => {
      const [one] = same as [Walked];
      const days = daysOf(
        retention,
        same.flatMap(({ types }) => types),
      );
      return days === undefined
        ? []
        : [{ tenant: one.tenant, id: one.id, before: beforeOf(clock.now(), days) }];
    });
    let rolled = 0;
    do {
      rolled =
        keepings.length === 0
          ? 0
          : await database.transaction(({ sql }) => rollHours(sql, keepings, STEP_ROWS));
      gone += rolled;
    } while (rolled === STEP_ROWS && performance.now() < ends);
    if (rolled < STEP_ROWS) [tenant, id] = [last.tenant, last.id];
  }
  return gone;
};
