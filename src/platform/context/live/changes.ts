import type { StreamedEvent } from '#kernel/http';
import type { Outbox } from '#kernel/outbox';
import { coreNames } from '../jsonld/compile.ts';
import type { Attributes } from '../model.ts';
import { changeAsSeen, type Sight } from '../sight.ts';
import { type Feature, toFeature } from './feature.ts';
import type { Change, Feed } from './feed.ts';

/** Changes of one entity within this time reach the map as one: an eye sees no more. */
const COALESCE_MS = 500;

export type ChangesQuestion = {
  readonly types?: readonly string[];
  readonly after?: number;
  readonly tenant?: string;
  /** What who follows does not see. */
  readonly sight?: () => Sight | undefined;
};
type Shown = Feature | { readonly id: string; readonly deleted: true };

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** What a change is on a map, made once for all who follow. */
const shown = new WeakMap<Change, Shown>();
const show = (change: Change): Shown => {
  const known = shown.get(change);
  if (known) return known;
  const { data } = change;
  const made: Shown =
    data.op === 'delete'
      ? { id: data.id, deleted: true }
      : toFeature({ ...data, attributes: data.attributes as Attributes, modifiedAt: data.at });
  shown.set(change, made);
  return made;
};

/**
 * The changes of the city as map features, from `after` or from now. Each message is a list; its id resumes the stream
 * just behind it. A reader whose place is no longer kept is told `reload` once.
 */
export const streamChanges = async function* (
  { outbox, feed }: { outbox: Outbox; feed: Feed },
  { types, after, tenant = '', sight: sightNow }: ChangesQuestion,
  signal: AbortSignal,
): AsyncGenerator<StreamedEvent> {
  const wanted = types && new Set(types.map(coreNames.expand));
  const newest = await outbox.last();
  // A place beyond the newest is one of another life of this house, before a restore.
  const from = Math.min(after ?? newest, newest);
  yield { id: from, event: 'open', data: {} };
  if (after !== undefined && (after > newest || after + 1 < (await outbox.oldest())))
    yield { event: 'reload', data: {} };
  for await (const events of feed.follow(from, signal)) {
    const sight = sightNow?.();
    const latest = new Map<string, Change>();
    for (const event of events)
      if (
        event.tenant === tenant &&
        (!wanted || event.data.types.some((type) => wanted.has(type)))
      ) {
        const data = changeAsSeen(event.data, sight);
        if (data) latest.set(data.id, data === event.data ? event : { ...event, data });
      }
    const changes = [...latest.values()].map(show);
    if (changes.length > 0) yield { id: events.at(-1)!.seq, event: 'changes', data: changes };
    await pause(COALESCE_MS);
  }
};
