import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { shows } from '../entity/projection.ts';
import { packStamps } from '../entity/stamps.ts';
import type { Contexts } from '../jsonld/contexts.ts';
import type { Names } from '../jsonld/compile.ts';
import type { Entity } from '../model.ts';
import { presentationOf } from '../ngsi-ld/parameters.ts';
import { askingOf, type QueryBody, readQueryBody, showingOf } from '../ngsi-ld/query-body.ts';
import { filterOf, listOf, openDatasets } from '../ngsi-ld/question-parameters.ts';
import { IDS_MAX } from '../query/question.ts';
import type { Reader } from '../query/reader.ts';
import { STATE_NAMES, STATE_UNNESTED, STATE_VALUES, stateColumns } from '../store/rows.ts';
import { parseInterval } from '../temporal/interval.ts';
import { listSubjects } from '../temporal/subjects.ts';
import type { Snapshot } from './snapshots.ts';

/** Read and written at a time: some megabytes. */
const CHUNK_ENTITIES = 500;
/** A query names its datasets by their ids. */
const DATASETS_MAX = 100;

export type Collecting = {
  readonly database: Database;
  readonly contexts: Contexts;
  readonly reader: Reader;
};

const INSERT = `
  insert into context.entities (${STATE_NAMES})
  select ${STATE_VALUES} from ${STATE_UNNESTED} as r (${STATE_NAMES}) on conflict (tenant, id) do nothing`;

const COPY_ENTITIES = `
  insert into context.entities (tenant, id, types, scopes, attributes, location, created_at, modified_at, expires_at, attributes_expire_at)
  select $2, id, types, scopes, attributes, location, created_at, modified_at, expires_at, attributes_expire_at
  from context.entities where tenant = $1 on conflict (tenant, id) do nothing`;

const COPY_HISTORY = `
  insert into context.history (tenant, entity, at, recorded_at, op, types, attributes)
  select $2, entity, at, recorded_at, op, types, attributes from context.history where tenant = $1`;

/** The query of a snapshot with the names that it is written in, its own or those of the whole. */
const readQuery = async (
  query: unknown,
  { context }: Snapshot,
  contexts: Contexts,
): Promise<{ body: QueryBody; names: Names }> => {
  const body = readQueryBody(query);
  return { body, names: await contexts.namesOf(body['@context'] ?? context ?? undefined) };
};

/** Keeps what a query finds (clause 5.7.2.4), as it is now; answers how many entities. Throws Refusal. */
export const collectEntities = async (
  query: unknown,
  snapshot: Snapshot,
  { database, contexts, reader }: Collecting,
): Promise<number> => {
  const { body, names } = await readQuery(query, snapshot, contexts);
  const { tenant, space } = snapshot;
  const filter = filterOf(askingOf(body, names, undefined), names, tenant);
  const showing = showingOf(body);
  const projection = presentationOf(showing, names);
  const ofDatasets = openDatasets(showing.datasetId);
  const project = (entity: Entity): Entity => ({
    ...entity,
    attributes: Object.fromEntries(
      Object.entries(ofDatasets(entity).attributes).filter(([name]) => shows(projection, name)),
    ),
  });
  // First which they are, so that pages neither miss nor repeat one.
  const ids = Object.keys(await reader.map(filter));
  let kept = 0;
  for (let from = 0; from < ids.length; from += CHUNK_ENTITIES) {
    const within = ids.slice(from, from + CHUNK_ENTITIES);
    const { entities } = await reader.list({ ...filter, within, limit: within.length });
    const rows = entities.map(project).map((entity) => ({
      tenant: space,
      entity,
      text: JSON.stringify(packStamps(entity.attributes, entity)),
    }));
    if (rows.length > 0) await database.query(INSERT, stateColumns(rows));
    kept += rows.length;
  }
  return kept;
};

/** Keeps the histories that a temporal query finds (clause 5.7.4.4); answers of how many entities. Throws Refusal. */
export const collectHistories = async (
  query: unknown,
  snapshot: Snapshot,
  { database, contexts }: Collecting,
): Promise<number> => {
  const { body, names } = await readQuery(query, snapshot, contexts);
  const { tenant, space } = snapshot;
  const showing = showingOf(body);
  const interval = parseInterval((body.temporalQ ?? {}) as Record<string, string>);
  if (!interval.relation)
    throw new Refusal('invalid', 'A temporal query has timerel and timeAt (clause 5.7.4.4).');
  const { only } = presentationOf(showing, names);
  const attributes = only && [...only];
  const datasets = listOf(showing.datasetId, DATASETS_MAX, 'datasetId');
  const { subjects, more } = await listSubjects(database, {
    filter: filterOf(askingOf(body, names, undefined), names, tenant),
    interval,
    ...(attributes ? { attributes } : {}),
    ...(datasets ? { datasets } : {}),
    limit: IDS_MAX,
    offset: 0,
    count: false,
  });
  if (more)
    throw new Refusal('invalid', `More than ${IDS_MAX} histories: ask closer.`, { results: true });
  const [time, from, to] =
    interval.property === 'createdAt'
      ? ['h.at', null, null] // what was made in time may have been written later
      : [
          interval.property === 'observedAt' ? 'h.at' : 'h.recorded_at',
          interval.from ?? null,
          interval.to ?? null,
        ];
  const ids = subjects.map(({ id }) => id);
  await database.query(
    `insert into context.history (tenant, entity, at, recorded_at, op, types, attributes)
     select $2, h.entity, h.at, h.recorded_at, h.op, h.types, n.attributes
     from context.history h cross join lateral (
       select coalesce(jsonb_object_agg(a.name, a.instances), '{}') as attributes from jsonb_each(h.attributes) as a (name, instances)
       where $6::text[] is null or a.name = any($6)) as n
     where h.tenant = $1 and h.entity = any($3::text[])
       and ($4::timestamptz is null or ${time} >= $4) and ($5::timestamptz is null or ${time} < $5)
       and not exists (select 1 from context.history k where k.tenant = $2 and k.entity = h.entity and k.at = h.at
         and k.recorded_at = h.recorded_at and k.op = h.op and k.attributes = n.attributes)`,
    [tenant, space, ids, from, to, attributes ?? null],
  );
  // What the live picture of the snapshot has not is found by a row that tells what it was.
  await database.query(
    `insert into context.history (tenant, entity, at, recorded_at, op, types, attributes)
     select $1, s.id, $3, $3, 'told', array(select jsonb_array_elements_text(s.types)), '{}'
     from jsonb_to_recordset($2::jsonb) as s (id text, types jsonb)
     where not exists (select 1 from context.history k where k.tenant = $1 and k.entity = s.id and k.op = 'told')`,
    [space, JSON.stringify(subjects), snapshot.createdAt],
  );
  return subjects.length;
};

/** Copies all that one snapshot keeps into another; answers whether it was still there. */
export const copySpace = async (database: Database, from: string, to: string): Promise<boolean> => {
  await database.query(COPY_ENTITIES, [from, to]);
  await database.query(COPY_HISTORY, [from, to]);
  const there = await database.query('select 1 as one from context.snapshots where space = $1', [
    from,
  ]);
  return there.length > 0;
};

/** Removes what a filling that was broken off left behind. */
export const clearSpace = async (database: Database, space: string): Promise<void> => {
  await database.query('delete from context.entities where tenant = $1', [space]);
  await database.query('delete from context.history where tenant = $1', [space]);
};
