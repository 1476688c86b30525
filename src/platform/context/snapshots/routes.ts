import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { NGSI_LD_NULL } from '../model.ts';
import { acceptedOf, readAsked, sendLd } from '../ngsi-ld/asked.ts';
import type { Door } from '../ngsi-ld/door.ts';
import { locationOf } from '../ngsi-ld/parameters.ts';
import { checkIds } from '../ngsi-ld/question-parameters.ts';
import { readDocument } from './document.ts';
import { snapshotOut } from './present.ts';
import { matchesSnapshot, parseSnapshotQ } from './purge.ts';

const READ = { action: 'context.snapshot.read' };
const WRITE = { action: 'context.snapshot.write' };
const Nothing = Type.Object({}, { additionalProperties: false });
const PurgeQuery = Type.Object(
  { q: Type.Optional(Type.String()) },
  { additionalProperties: false },
);
const SnapshotPath = Type.Object({ snapshotId: Type.String() });

const idIn = ({ snapshotId }: { snapshotId: string }): string => checkIds([snapshotId])[0]!;

const isAsking = (document: object): boolean =>
  'snapshotQueries' in document || 'snapshotTemporalQueries' in document;

/** `/snapshots`: clause 5.16. */
export const addSnapshotRoutes = (app: App, { contexts, snapshots }: Door) => {
  // 5.16.1 / 6.36.3.1
  app.post(
    '/snapshots',
    { config: WRITE, schema: { querystring: Nothing } },
    async (request, reply) => {
      const { body, names, tenant } = await readAsked(request, contexts);
      const { id, document } = readDocument(body);
      if ((body as { type?: unknown }).type !== 'Snapshot' || !isAsking(document))
        throw new Refusal(
          'invalid',
          'A Snapshot has snapshotQueries or snapshotTemporalQueries (clause 5.2.41).',
        );
      const made = await snapshots.add({
        ...(id === undefined ? {} : { id }),
        tenant,
        document,
        context: names.shown,
      });
      await snapshots.makeRoom(tenant, made.id);
      snapshots.fill();
      return reply.code(201).header('location', locationOf('snapshots', made.id)).send();
    },
  );

  // 5.16.2 / 6.38.3.1
  app.post(
    '/snapshots/:snapshotId/clone',
    { config: WRITE, schema: { params: SnapshotPath, querystring: Nothing } },
    async (request, reply) => {
      const { body, tenant } = await readAsked(request, contexts);
      const { id, document } = readDocument(body);
      if (isAsking(document))
        throw new Refusal('invalid', 'A copy asks nothing anew (clause 5.2.41).');
      const origin = await snapshots.get(idIn(request.params), tenant);
      const { snapshotQueries, snapshotTemporalQueries } = origin.document;
      const made = await snapshots.add({
        ...(id === undefined ? {} : { id }),
        tenant,
        document: {
          ...document,
          ...(snapshotQueries ? { snapshotQueries } : {}),
          ...(snapshotTemporalQueries ? { snapshotTemporalQueries } : {}),
        },
        context: origin.context,
        origin,
      });
      await snapshots.makeRoom(tenant, made.id);
      snapshots.fill();
      return reply.code(201).header('location', locationOf('snapshots', made.id)).send();
    },
  );

  // 5.16.3 / 6.37.3.1
  app.get(
    '/snapshots/:snapshotId',
    { config: READ, schema: { params: SnapshotPath, querystring: Nothing } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const accepted = acceptedOf(request);
      const found = await snapshots.get(idIn(request.params), asked.tenant);
      return sendLd(reply, accepted, asked, snapshotOut(found));
    },
  );

  // 5.16.4 / 6.37.3.2
  app.patch(
    '/snapshots/:snapshotId',
    { config: WRITE, schema: { params: SnapshotPath, querystring: Nothing } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const accepted = acceptedOf(request);
      const target = idIn(request.params);
      const found = await snapshots.get(target, asked.tenant);
      const given = Object.entries((asked.body ?? {}) as Record<string, unknown>);
      const dropped = given.flatMap(([name, value]) => (value === NGSI_LD_NULL ? [name] : []));
      const { id, document } = readDocument(
        Object.fromEntries(given.filter(([name]) => !dropped.includes(name))),
      );
      if (id !== undefined && id !== target)
        throw new Refusal('invalid', 'The id of a snapshot stays (clause 5.2.41).');
      if (isAsking(document) || dropped.some((name) => isAsking({ [name]: true })))
        throw new Refusal('invalid', 'What a snapshot asked stays (clause 5.2.41).');
      const merged = Object.fromEntries(
        Object.entries({ ...found.document, ...document }).filter(
          ([name]) => !dropped.includes(name),
        ),
      );
      const changed = await snapshots.change(
        found,
        merged,
        document.snapshotLifetime !== undefined || dropped.includes('snapshotLifetime'),
      );
      snapshots.tell();
      return sendLd(reply, accepted, asked, snapshotOut(changed));
    },
  );

  // 5.16.5 / 6.37.3.3
  app.delete(
    '/snapshots/:snapshotId',
    { config: WRITE, schema: { params: SnapshotPath, querystring: Nothing } },
    async (request, reply) => {
      const { tenant } = await readAsked(request, contexts);
      const { id } = await snapshots.get(idIn(request.params), tenant);
      await snapshots.remove([id], tenant);
      return reply.code(204).send();
    },
  );

  // 5.16.7 / 6.36.3.2
  app.delete(
    '/snapshots',
    { config: WRITE, schema: { querystring: PurgeQuery } },
    async (request, reply) => {
      const { tenant } = await readAsked(request, contexts);
      const query = parseSnapshotQ(request.query.q);
      const gone = (await snapshots.list(tenant)).filter((one) => matchesSnapshot(query, one));
      await snapshots.remove(
        gone.map(({ id }) => id),
        tenant,
      );
      return reply.code(204).send();
    },
  );
};
