import { useEffect, useEffectEvent, useState } from 'react';
import { paths } from '../paths.ts';
import type { CityChange } from './city-feature.ts';
import { coalesce } from './coalesce.ts';

/** How the live stream is doing: shown to the person, never guessed. */
export type StreamState = 'connecting' | 'live' | 'lost';

const EVERY_MS = 500; // twice a second is as often as an eye follows and a map draws calmly
const KEYS_MAX = 5_000;
const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_MAX_MS = 30_000;

type ChangesOptions<T> = {
  /** Entity types to follow; none: all. */
  readonly types?: readonly string[];
  /** Takes the changes of the last half second, the newest of each key only. */
  readonly onChanges: (changes: T[]) => void;
  /** What makes two changes one; default: the `id` of the change. */
  readonly key?: (change: T) => string;
  /** The server no longer holds what came since the last change seen: load everything anew. */
  readonly onReload?: () => void;
  readonly everyMs?: number;
  readonly enabled?: boolean;
};

/**
 * Follows the city's changes (server-sent events). The browser reconnects with `Last-Event-ID`;
 * when it gives up (the server restarted, a proxy answered), we open again `after` the last id, so
 * no change between is lost as long as the server still holds it; past that it says `reload`.
 */
export function useChanges<T = CityChange>(options: ChangesOptions<T>): StreamState {
  const [state, setState] = useState<StreamState>('connecting');
  const { types = [], everyMs = EVERY_MS, enabled = true } = options;
  const keyOf = useEffectEvent(
    (change: T) => options.key?.(change) ?? String((change as { id?: unknown }).id),
  );
  const handOn = useEffectEvent(options.onChanges);
  const reload = useEffectEvent(() => options.onReload?.());
  const follow = types.join(',');

  useEffect(() => {
    if (!enabled) return undefined;
    const gathered = coalesce<T>(
      { everyMs, keysMax: KEYS_MAX, key: (change) => keyOf(change) },
      (changes) => handOn(changes),
    );
    let source: EventSource | undefined;
    let lastId: string | undefined;
    let backoffMs = BACKOFF_FIRST_MS;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const open = () => {
      source = new EventSource(paths.api.changes(follow ? follow.split(',') : [], lastId));
      source.addEventListener('open', () => {
        backoffMs = BACKOFF_FIRST_MS;
        setState('live');
      });
      source.addEventListener('error', () => {
        setState('lost');
        if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again itself
        timer = setTimeout(open, backoffMs);
        backoffMs = Math.min(backoffMs * 2, BACKOFF_MAX_MS);
      });
      for (const name of ['open', 'message', 'changes']) source.addEventListener(name, take);
      source.addEventListener('reload', () => reload());
    };
    const take = (event: Event) => {
      if (!(event instanceof MessageEvent)) return; // the connection's own `open`
      if (event.lastEventId) lastId = event.lastEventId;
      if (event.type === 'open') return; // the server's: where the stream stands
      for (const change of read<T>(String(event.data))) gathered.add(change);
    };
    open();
    return () => {
      clearTimeout(timer);
      source?.close();
      gathered.stop();
    };
  }, [follow, everyMs, enabled]);

  return state;
}

/** One event carries one change or a list of them; what is not JSON is a keep-alive. */
function read<T>(data: string): T[] {
  try {
    const value: unknown = JSON.parse(data);
    return Array.isArray(value) ? (value as T[]) : [value as T];
  } catch {
    return [];
  }
}
