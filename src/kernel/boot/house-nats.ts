import type { Config } from '#kernel/config';
import type { Database } from '#kernel/database';
import { must } from '#kernel/errors';
import type { Logger } from '#kernel/log';
import type { Metrics } from '#kernel/metrics';
import { type Nats, openNats } from '#kernel/nats';

/** NATS where the configuration names it; the house does not wait for it. */
export const openHouseNats = async (
  { natsUrl, natsStream, publicUrl }: Config,
  database: Database,
  log: Logger,
  metrics: Metrics,
): Promise<Nats | undefined> => {
  if (natsUrl === undefined) return undefined;
  const [house] = await database.query<{ id: string }>('select id from kernel.house');
  must(house, 'a house has an id');
  const source = publicUrl ?? `urn:sanjiang:${house.id}`;
  return openNats({ urls: natsUrl, stream: natsStream, house: house.id, source }, log, metrics);
};
