import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { readEntityMap } from '../entity-maps/use.ts';
import type { Names } from '../jsonld/compile.ts';
import type { Purge } from '../operations.ts';
import { linksOf } from '../query/q.ts';
import type { Filter } from '../query/question.ts';
import { readAsked } from './asked.ts';
import type { Door } from './door.ts';
import { partOutcomes, sendMixed } from './outcomes.ts';
import { attributeNameOf } from './parameters.ts';
import { booleanOf, FILTER, filterOf, listOf } from './question-parameters.ts';

const ATTRIBUTES_MAX = 100;
const Text = Type.Optional(Type.String());

/** Table 6.4.3.3-1. `geometryProperty` says where the geometry of what is shown comes from; nothing is shown here. */
const { datasetId: _datasetId, ...WHICH } = FILTER;
const PurgeQuery = Type.Object(
  { ...WHICH, csf: Text, keep: Text, drop: Text, geometryProperty: Text },
  { additionalProperties: false },
);
type Asking = { readonly [name in keyof typeof PurgeQuery.properties]?: string | undefined };

/** Clause 6.3.11: what every entity has tells nothing apart. */
const SYSTEM = new Set(['createdAt', 'modifiedAt', 'deletedAt', 'expiresAt', 'id', 'type']);

const namesIn = (text: string | undefined, what: string): readonly string[] | undefined => {
  const names = listOf(text, ATTRIBUTES_MAX, what);
  if (names?.some((name) => name.includes('{')))
    throw new Refusal('invalid', `${what} of a purge follows no links (clause 5.6.21.4).`);
  return names;
};

/** Clause 5.6.21.4: a list of attributes to keep or drop narrows the request as other conditions do. */
const filterOfPurge = (
  asking: Asking,
  members: readonly string[] | undefined,
  names: Names,
  tenant: string,
): Filter => {
  const { keep: _keep, drop: _drop, geometryProperty: _geometry, local, ...which } = asking;
  namesIn(which.attrs, 'attrs');
  const isNarrow = members?.some((name) => !SYSTEM.has(name)) ?? false;
  const { local: _local, ...filter } = filterOf(
    { ...which, local: isNarrow && local !== 'false' ? 'true' : local },
    names,
    tenant,
  );
  if (filter.q && linksOf(filter.q) > 0)
    throw new Refusal('invalid', 'q of a purge follows no links (clause 5.6.21.4).');
  const isLocal = booleanOf(local, 'local') === true || asking.type === '*';
  return isLocal ? { ...filter, local: true } : filter;
};

/** Throws Refusal('invalid') naming what is at fault. */
const purgeOf = (asking: Asking, names: Names, tenant: string): Purge => {
  const keep = namesIn(asking.keep, 'keep');
  const drop = namesIn(asking.drop, 'drop');
  if (keep && drop)
    throw new Refusal('invalid', 'Either keep or drop is meant, not both (clause 5.6.21.3).');
  const members = keep ?? drop;
  const filter = filterOfPurge(asking, members, names, tenant);
  if (!members) return { filter };
  const full = members.map((name) => attributeNameOf(name, names.expand));
  return { filter, reduce: { names: full, keeps: keep !== undefined } };
};

/** `DELETE /entities`: clause 5.6.21. */
export const addPurgeRoutes = (app: App, { contexts, entityMaps, reader, writer }: Door) => {
  // 5.6.21 / 6.4.3.3
  app.delete(
    '/entities',
    { config: { action: 'context.entity.write' }, schema: { querystring: PurgeQuery } },
    async (request, reply) => {
      const { names, tenant } = await readAsked(request, contexts);
      const purge = purgeOf(request.query, names, tenant);
      const mapped = await readEntityMap(request, reply, entityMaps, {}, tenant);
      const map = await mapped.ensure(() => reader.map(purge.filter));
      const within = map && { within: Object.keys(map.sources) };
      const outcomes = await writer.purge(
        { ...purge, filter: { ...purge.filter, ...within } },
        tenant,
      );
      const { done, failed } = partOutcomes(outcomes, request.id);
      return failed.length > 0 ? sendMixed(reply, done, failed) : reply.code(204).send();
    },
  );
};
