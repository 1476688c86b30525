import { Refusal } from '#kernel/errors';
import type { Attributes, Entity } from '../model.ts';
import { matchesQuery } from '../query/matches.ts';
import { parseQ, type Query } from '../query/q.ts';
import { INPUT_MEMBERS, OUTPUT_MEMBERS } from './document.ts';
import { snapshotOut } from './present.ts';
import type { Snapshot } from './snapshots.ts';

const MEMBERS: ReadonlySet<string> = new Set([...INPUT_MEMBERS, ...OUTPUT_MEMBERS]);

const namesIn = (query: Query): readonly string[] => {
  if ('of' in query) return query.of.flatMap(namesIn);
  if (query.kind === 'linked') return [query.name];
  return 'names' in query.path ? query.path.names.slice(0, 1) : [];
};

/** A query on the members of snapshots (clause 4.9). Throws Refusal('invalid') for one on anything else. */
export const parseSnapshotQ = (q: string | undefined): Query => {
  if (q === undefined)
    throw new Refusal('invalid', 'Say by q which snapshots are to go (clause 5.16.7.4).');
  const query = parseQ(q, { expand: (name) => name });
  const other = namesIn(query).find((name) => !MEMBERS.has(name));
  if (other !== undefined)
    throw new Refusal('invalid', `A snapshot has no member ${other} (clause 5.16.7.4).`);
  return query;
};

/** Whether a snapshot answers such a query. */
export const matchesSnapshot = (query: Query, snapshot: Snapshot): boolean => {
  const attributes: Attributes = Object.fromEntries(
    Object.entries(snapshotOut(snapshot))
      .filter(([name]) => MEMBERS.has(name))
      .map(([name, value]) => [name, [{ type: 'Property', value }]]),
  );
  const entity: Entity = {
    id: snapshot.id,
    types: ['Snapshot'],
    scopes: [],
    attributes,
    createdAt: snapshot.createdAt,
    modifiedAt: snapshot.modifiedAt,
  };
  return matchesQuery(query, entity);
};
