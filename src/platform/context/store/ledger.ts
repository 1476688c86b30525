import type { EventText } from '#kernel/outbox';
import { type Applied, apply } from '../entity/apply.ts';
import { differingNames, livingAt } from '../entity/expiry.ts';
import type { Entity } from '../model.ts';
import { entityIdOf, type Operation, type Outcome } from '../operations.ts';
import { attributesText, eventText } from './event.ts';
import { type HistoryRow, historyRows } from './history.ts';

/** `key` names the entity among those of all tenants. */
export type Write = {
  readonly tenant: string;
  readonly key: string;
  readonly operation: Operation;
};

/** Names an entity among those of all tenants. */
export const keyOf = (tenant: string, id: string): string => `${tenant}\n${id}`;

export const writeOf = (tenant: string, operation: Operation): Write => ({
  tenant,
  key: keyOf(tenant, entityIdOf(operation)),
  operation,
});

/** What an entity that is to be stored lacks, as a sentence (models/models.ts). */
export type Check = (tenant: string, entity: Entity) => string | undefined;

/** What is told of one commit, filled operation by operation. */
export type Ledger = {
  readonly history: HistoryRow[];
  readonly events: EventText[];
  readonly once: string[];
  readonly renewed: string[];
  /** The attributes of what was made, as rows and events carry them. */
  readonly texts: Map<Entity, string>;
};

export const newLedger = (): Ledger => ({
  history: [],
  events: [],
  once: [],
  renewed: [],
  texts: new Map(),
});

/** What the writes are carried out on; of `expiring` something may have an end (clause 4.22). */
export type Known = {
  readonly states: Map<string, Entity>;
  readonly expiring: Set<string>;
};

export type Rules = {
  /** The instant of all that this commit changes. */
  readonly now: string;
  /** Whether anybody is told what was there before; no unless set. */
  readonly tellsPrevious?: boolean;
  /** Nothing is ever lacking unless set. */
  readonly check?: Check;
};

/** Carries out the operations in order: `states` becomes what is to be there, and the ledger what is to be told. */
export const applyAll = (
  writes: readonly Write[],
  { states, expiring }: Known,
  taken: Set<string>,
  ledger: Ledger,
  { now, tellsPrevious = false, check = () => undefined }: Rules,
): Outcome[] => {
  const nowMs = Date.parse(now);
  const record = (tenant: string, before: Entity | undefined, applied: Applied): void => {
    const { state, changed } = applied;
    ledger.history.push(...historyRows(tenant, before, applied, now));
    const told = state?.modifiedAt === now ? state : { ...(state ?? before!), modifiedAt: now };
    const text = attributesText(told);
    ledger.texts.set(told, text);
    ledger.events.push(eventText(tenant, before, state, changed, now, tellsPrevious, text));
  };
  /** What has expired is gone before anything else is done (clause 4.22). */
  const takeLiving = (tenant: string, key: string): Entity | undefined => {
    const known = states.get(key);
    if (!known || !expiring.has(key)) return known;
    const state = livingAt(known, nowMs);
    if (state === known) return known;
    const left = state && { ...state, modifiedAt: now };
    record(tenant, known, {
      state: left,
      outcome: { id: known.id, done: left ? 'updated' : 'deleted' },
      changed: differingNames(known, left),
    });
    if (left) states.set(key, left);
    else states.delete(key);
    return left;
  };
  return writes.map(({ tenant, key, operation }) => {
    const id = entityIdOf(operation);
    const { once, fresh } = operation;
    const again = once !== undefined && taken.has(once);
    if (again && !fresh) return { id, done: 'unchanged' };
    const before = takeLiving(tenant, key);
    const applied = apply(before, operation, now);
    const { done } = applied.outcome;
    if (done === 'refused' || done === 'unchanged') return applied.outcome;
    const fault = applied.state && check(tenant, applied.state);
    if (fault !== undefined) return { id, done: 'refused', reason: 'invalid', detail: fault };
    if (applied.state) states.set(key, applied.state);
    else states.delete(key);
    expiring.add(key); // for whatever comes to it next in this commit
    if (again) ledger.renewed.push(once);
    else if (once !== undefined) {
      taken.add(once);
      ledger.once.push(once);
    }
    record(tenant, before, applied);
    return applied.outcome;
  });
};
