import { Refusal } from '#kernel/errors';
import type { Egress } from '#kernel/egress';
import type { Logger } from '#kernel/log';
import type { Clock } from '#kernel/time';
import type { Context } from '#platform/context';
import { FEED_BYTES_MAX, readVehicleFeed } from './feeds/gtfs-rt/vehicles.ts';
import { toOperation } from './writer.ts';

/** Feeds are made every 10 to 30 seconds; slower than this they are asked again next time. */
const POLL_TIMEOUT_MS = 10_000;
const BATCH_MAX = 500;

export type PolledFeed = { readonly name: string; readonly url: string };

/** Reads `name=https://…,name=https://…`. Throws Refusal('invalid') naming the part at fault. */
export const readFeedList = (text: string): PolledFeed[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const at = part.indexOf('=');
      const [name, url] = [part.slice(0, at), part.slice(at + 1)];
      if (
        at < 1 ||
        !/^[a-z0-9][a-z0-9-]{0,31}$/.test(name) ||
        !URL.canParse(url) ||
        !/^https?:/.test(url)
      )
        throw new Refusal(
          'invalid',
          `GTFS_RT_FEEDS has a part that is not name=https://…: ${part}`,
        );
      return { name, url };
    });

type Needs = {
  readonly context: Context;
  readonly egress: Egress;
  readonly clock: Clock;
  readonly log: Logger;
};

/** Asks a feed once and writes its vehicles. A feed that has not changed since `seen` is left alone. Answers its instant. */
export const pollFeed = async (
  { name, url }: PolledFeed,
  seen: number | undefined,
  { context, egress, clock, log }: Needs,
): Promise<number> => {
  const answer = await egress({
    url,
    timeoutMs: POLL_TIMEOUT_MS,
    bytesMax: FEED_BYTES_MAX,
    redirectsMax: 3,
  });
  if (answer.status !== 200)
    throw new Refusal('unavailable', `The feed ${name} answers ${answer.status}.`, { url });
  const { at, vehicles, refused } = readVehicleFeed(name, answer.body, clock.now().getTime());
  if (at === seen) return at;
  for (let from = 0; from < vehicles.length; from += BATCH_MAX)
    await context.write(
      vehicles.slice(from, from + BATCH_MAX).map((part) => toOperation(context, part)),
    );
  if (refused.length > 0)
    log.warn({ feed: name, refused: refused.length }, 'vehicles of a feed were refused');
  return at;
};
