import type { StreamedEvent } from '#kernel/http';
import type { Event, Outbox } from '#kernel/outbox';
import { CHANGED, type EntityChanged } from '../contract.ts';
import { coreNames } from '../jsonld/compile.ts';
import type { Attributes } from '../model.ts';
import { toFeature } from './feature.ts';

/** Changes of one entity within this time reach the map as one: an eye sees no more. */
const COALESCE_MS = 500;

type Question = { readonly types?: readonly string[]; readonly after?: number };

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/**
 * The changes of the city as map features, from `after` or from now. Each message is a list; its id resumes the stream
 * just behind it. A reader whose place is no longer kept is told `reload` once.
 */
export const streamChanges = async function* (
  outbox: Outbox,
  { types, after }: Question,
  signal: AbortSignal,
): AsyncGenerator<StreamedEvent> {
  const wanted = types && new Set(types.map(coreNames.expand));
  const newest = await outbox.last();
  // A place beyond the newest is one of another life of this house, before a restore.
  const from = Math.min(after ?? newest, newest);
  yield { id: from, event: 'open', data: {} };
  if (after !== undefined && (after > newest || after + 1 < (await outbox.oldest())))
    yield { event: 'reload', data: {} };
  for await (const events of outbox.tail([CHANGED], from, signal)) {
    const latest = new Map<string, Event<EntityChanged>>();
    for (const event of events as readonly Event<EntityChanged>[])
      if (event.tenant === '' && (!wanted || event.data.types.some((type) => wanted.has(type))))
        latest.set(event.data.id, event);
    const changes = [...latest.values()].map(({ data }) =>
      data.op === 'delete'
        ? { id: data.id, deleted: true }
        : toFeature({ ...data, attributes: data.attributes as Attributes, modifiedAt: data.at }),
    );
    if (changes.length > 0) yield { id: events.at(-1)!.seq, event: 'changes', data: changes };
    await pause(COALESCE_MS);
  }
};
