import type { Database } from '#kernel/database';
import type { Entity } from '../model.ts';
import { ALIVE, ENTITY_COLUMNS, type EntityRow, toEntity } from './read.ts';

/** Those asked for while as many statements are under way share the next one. */
const UNDER_WAY_MAX = 2;
const IDS_MAX = 256;

const FIND = `
  select e.tenant, ${ENTITY_COLUMNS}
  from context.entities e join unnest($1::text[], $2::text[]) as k (tenant, id) on e.tenant = k.tenant and e.id = k.id
  where ${ALIVE}`;

type Waiting = {
  readonly tenant: string;
  readonly id: string;
  readonly found: (entity: Entity | undefined) => void;
  readonly failed: (error: unknown) => void;
};

const keyOf = (tenant: string, id: string) => `${tenant}\n${id}`;

/** Finds entities by id; those that many ask for at once are read together. Each is as it was after it was asked for. */
const openFinder = (database: Database) => {
  const waiting: Waiting[] = [];
  let underWay = 0;
  let woken = false;

  const read = async (batch: readonly Waiting[]) => {
    const asked = new Map(batch.map((one) => [keyOf(one.tenant, one.id), one]));
    const rows = await database.query<EntityRow & { tenant: string }>(
      FIND,
      [
        Array.from(asked.values(), (one) => one.tenant),
        Array.from(asked.values(), (one) => one.id),
      ],
      'context-find',
    );
    const found = new Map(rows.map((row) => [keyOf(row.tenant, row.id), toEntity(row)]));
    for (const one of batch) one.found(found.get(keyOf(one.tenant, one.id)));
  };

  const run = async () => {
    underWay += 1;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, IDS_MAX);
      await read(batch).catch((error: unknown) => {
        for (const one of batch) one.failed(error);
      });
    }
    underWay -= 1;
  };

  return (id: string, tenant: string): Promise<Entity | undefined> =>
    new Promise((found, failed) => {
      waiting.push({ tenant, id, found, failed });
      if (woken || underWay === UNDER_WAY_MAX) return;
      woken = true;
      // Everything that is asked in this turn of the loop goes together.
      setImmediate(() => {
        woken = false;
        if (underWay < UNDER_WAY_MAX && waiting.length > 0) void run();
      });
    });
};

const finders = new WeakMap<Database, ReturnType<typeof openFinder>>();

/** The entity of this id, unless its time has run out. */
export const findEntity = (
  database: Database,
  id: string,
  tenant = '',
): Promise<Entity | undefined> => {
  let find = finders.get(database);
  if (!find) finders.set(database, (find = openFinder(database)));
  return find(id, tenant);
};
