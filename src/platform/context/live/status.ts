import { type Static, Type } from 'typebox';
import type { Database } from '#kernel/database';
import type { Outbox } from '#kernel/outbox';
import type { Writer } from '../store/write.ts';
import type { Feed } from './feed.ts';

const Count = (description: string) => Type.Integer({ description });

export const Status = Type.Object({
  entities: Type.Object({
    count: Count('Of all tenants'),
    tenants: Count('That have any'),
    expiring: Count('That go by themselves'),
  }),
  history: Type.Object({ rows: Count('As the database estimated when it last looked') }),
  writes: Type.Object({ waiting: Count('Operations that wait for the next commit, here') }),
  subscriptions: Type.Object({
    count: Count(''),
    active: Count('That tell, and have not expired'),
  }),
  deliveries: Type.Object({
    waiting: Count('To be told'),
    oldestWaitingSeconds: Type.Union([Type.Number(), Type.Null()]),
    dead: Count('Given up'),
    receiversFailing: Count('That did not take the last'),
  }),
  outbox: Type.Object({
    newest: Count('Number of the last event'),
    consumers: Type.Array(
      Type.Object({
        name: Type.String(),
        lag: Count('Events to be taken'),
        failures: Count('In a row'),
      }),
    ),
    readers: Count('Who follow the changes, here'),
  }),
  registrations: Count('Other brokers and what they have'),
  contexts: Type.Object({ Cached: Count(''), Hosted: Count(''), ImplicitlyCreated: Count('') }),
  models: Count('Types that say what their entities must be like'),
});
export type Status = Static<typeof Status>;

/** Everybody who looks within this time is told the same. */
const SHARED_MS = 2_000;

const COUNTS = `
  select
    (select json_build_object('count', count(*), 'tenants', count(distinct tenant),
       'expiring', count(*) filter (where expires_at is not null)) from context.entities) as entities,
    (select coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint from pg_partition_tree('context.history') i join pg_class c on c.oid = i.relid
       where i.isleaf) as history,
    (select json_build_object('count', count(*), 'active', count(*) filter (
       where coalesce((document -> 'isActive')::boolean, true) and (expires_at is null or expires_at > now())))
       from context.subscriptions) as subscriptions,
    (select json_build_object('waiting', count(*),
       'oldestWaitingSeconds', extract(epoch from now() - min(created_at)))
       from context.deliveries where state = 'waiting') as waiting,
    (select count(*) from context.deliveries where state = 'dead') as dead,
    (select count(*) from context.endpoints where failures > 0) as failing,
    (select count(*) from context.registrations) as registrations,
    (select json_build_object('Cached', count(*) filter (where kind = 'Cached'), 'Hosted', count(*) filter (where kind = 'Hosted'),
       'ImplicitlyCreated', count(*) filter (where kind = 'ImplicitlyCreated')) from context.contexts) as contexts,
    (select count(*) from context.models) as models`;

type Row = Pick<Status, 'entities' | 'subscriptions' | 'registrations' | 'contexts' | 'models'> & {
  readonly history: number;
  readonly waiting: Pick<Status['deliveries'], 'waiting' | 'oldestWaitingSeconds'>;
  readonly dead: number;
  readonly failing: number;
};
type Needs = { database: Database; outbox: Outbox; writer: Pick<Writer, 'waiting'>; feed: Feed };

/** How the broker is, in figures. */
export const openStatus = ({ database, outbox, writer, feed }: Needs) => {
  let known: { until: number; status: Promise<Status> } | undefined;

  const look = async (): Promise<Status> => {
    const [[row], newest, consumers] = await Promise.all([
      database.query<Row>(COUNTS),
      outbox.last(),
      outbox.lags(),
    ]);
    const { entities, subscriptions, registrations, contexts, models } = row!;
    return {
      entities,
      history: { rows: row!.history },
      writes: { waiting: writer.waiting() },
      subscriptions,
      deliveries: { ...row!.waiting, dead: row!.dead, receiversFailing: row!.failing },
      outbox: { newest, consumers, readers: feed.readers() },
      registrations,
      contexts,
      models,
    };
  };

  return (): Promise<Status> => {
    if (known && known.until > Date.now()) return known.status;
    const status = look();
    known = { until: Date.now() + SHARED_MS, status };
    status.catch(() => (known = undefined));
    return status;
  };
};
