import { createHmac, randomBytes } from 'node:crypto';
import type { Statement } from '#kernel/database';
import { must } from '#kernel/errors';
import { toInstant } from '#kernel/time';
import { canonical } from '../canonical.ts';
import type { Act } from '../index.ts';

const FORMAT = 1;
const SALT_BYTES = 32;
/** Ids and names as they come from outside; a longer one is cut. */
const TEXT_CHARACTERS_MAX = 500;
const FACTS_MAX = 12;

/** What a database can keep and UTF-8 can write. */
const clean = (text: string): string =>
  text.toWellFormed().replaceAll('\0', '\uFFFD').slice(0, TEXT_CHARACTERS_MAX).toWellFormed();

const cleanFacts = (facts: Act['facts']) => {
  if (!facts) return undefined;
  const members = Object.entries(facts);
  must(members.length <= FACTS_MAX, `an act has at most ${FACTS_MAX} facts`);
  return Object.fromEntries(
    members.map(([name, value]) => [name, typeof value === 'string' ? clean(value) : value]),
  );
};

export type EntryRow = {
  readonly content: string;
  readonly salt: string;
  readonly personal: string;
};

/** An act as it is kept: the leaf, and apart from it what is personal, which the leaf holds only as a salted digest. */
export const toEntry = (act: Act, now: Date): EntryRow => {
  const { actor, action, subject, outcome } = act;
  const salt = randomBytes(SALT_BYTES);
  const seal = (part: string, text: string) =>
    createHmac('sha256', salt).update(`${part}\n${text}`).digest('hex');
  const digest = (part: 'before' | 'after', value: unknown) =>
    value === undefined ? undefined : seal(part, canonical(value));
  const onBehalfOf = act.onBehalfOf ?? actor.onBehalfOf;
  const purpose = act.purpose ?? actor.purpose;
  const personal = canonical({
    actor: { id: clean(actor.id), name: clean(actor.name) },
    subject: { id: clean(subject.id) },
    onBehalfOf: onBehalfOf && {
      id: clean(onBehalfOf.id),
      name: clean(onBehalfOf.name),
      mandate: clean(onBehalfOf.mandate),
    },
    client: actor.client === undefined ? undefined : clean(actor.client),
    facts: cleanFacts(act.facts),
  });
  const content = canonical({
    v: FORMAT,
    at: toInstant(now),
    actor: { kind: actor.kind },
    action,
    subject: { kind: clean(subject.kind) },
    outcome,
    purpose: purpose === undefined ? undefined : clean(purpose),
    request: act.request,
    before: digest('before', act.before),
    after: digest('after', act.after),
    personal: seal('personal', personal),
  });
  return { content, salt: salt.toString('hex'), personal };
};

/** The entry and its place in the sequencer's queue. */
export const insertEntry = ({ content, salt, personal }: EntryRow): Statement => ({
  name: 'audit.record',
  text: `with entry as (
           insert into audit.entries (content, salt, personal) values ($1, $2, $3) returning id)
         insert into audit.pending (entry) select id from entry`,
  values: [content, salt, personal],
});
