import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '#kernel/errors';
import { toEarlier } from '../entity/earlier.ts';
import { gatherLinked, type Linked, LINKED_ENTITIES_MAX } from '../entity/linked.ts';
import { type Presentation, presentEntity, presentFeature } from '../entity/present.ts';
import { depthOf, type Projection } from '../entity/projection.ts';
import type { Entity } from '../model.ts';
import type { Reader } from '../query/reader.ts';
import { type Accepted, acceptedOf, type Asked, mustBeForGeoJson, sendLd } from './asked.ts';
import { checkDepth, type Join, JOIN, joinOf, type JoinParameters } from './join.ts';
import { PRESENTATION, presentationOf, type PresentationQuery } from './parameters.ts';
import { openDatasets } from './question-parameters.ts';

/** id, type and scope. */
const OWN_MEMBERS = 3;
const GEO_JSON = 'application/geo+json';
/** Clause 4.3.6.8: the version of the standard that the caller knows. */
const PREFERRED = /(?:^|[\s,;])ngsi-ld="?1\.(\d)"?(?:$|[\s,;])/i;

/** The minor number of the version that `Prefer` names (clause 6.3.6, RFC 7240). */
export const minorPreferred = ({ headers }: FastifyRequest): number | undefined => {
  const [, minor] = PREFERRED.exec(String(headers.prefer ?? '')) ?? [];
  return minor === undefined ? undefined : Number(minor);
};

/** What retrieval and query have in common: how entities are shown (clauses 5.7.1.4 and 5.7.2.4). */
export const SHOW = { ...PRESENTATION, ...JOIN };

export type Showing = PresentationQuery &
  JoinParameters & { readonly geometryProperty?: string; readonly datasetId?: string };

export type Show = {
  readonly accepted: Accepted;
  readonly presentation: Presentation;
  readonly ofDatasets: (entity: Entity) => Entity;
  readonly join?: Join;
  readonly geometryProperty?: string;
  /** Minor number of the version preferred. */
  readonly minor?: number;
};

/** Throws Refusal: 'invalid' naming the parameter, 'not-acceptable'. */
export const readShow = (request: FastifyRequest, showing: Showing, { names }: Asked): Show => {
  const accepted = acceptedOf(request, ['application/json', 'application/ld+json', GEO_JSON]);
  const { geometryProperty, datasetId } = showing;
  mustBeForGeoJson(geometryProperty, accepted);
  const presentation = presentationOf(showing, names);
  const join = joinOf(showing);
  checkDepth(depthOf(presentation), join, 'The projection');
  const minor = minorPreferred(request);
  return {
    accepted,
    presentation,
    ofDatasets: openDatasets(datasetId),
    ...(join ? { join } : {}),
    ...(geometryProperty === undefined ? {} : { geometryProperty }),
    ...(minor === undefined ? {} : { minor }),
  };
};

/** Shows entities, and what they are linked with where that is asked for; `one` is to be shown by itself. */
const present = async (
  entities: readonly Entity[],
  show: Show,
  reader: Reader,
  tenant: string,
  one: boolean,
): Promise<unknown> => {
  const { accepted, presentation, ofDatasets, join, geometryProperty } = show;
  const isGeo = accepted === GEO_JSON;
  const draw = (entity: Entity, p: Presentation) =>
    isGeo ? presentFeature(entity, p, geometryProperty) : presentEntity(entity, p);
  const { only, without, hidden, links, ...form } = presentation;
  const projection: Projection = {
    ...(only ? { only } : {}),
    ...(without ? { without } : {}),
    ...(hidden ? { hidden } : {}),
    ...(links ? { links } : {}),
  };
  const roots = entities.map((entity): Linked => ({ entity: ofDatasets(entity), projection }));
  const linked = join
    ? await gatherLinked(roots, { ...join, read: (ids) => reader.linked(ids, tenant) })
    : [];
  if (join?.form === 'flat') {
    const seen = new Set<string>();
    const all = [...roots, ...linked].filter(({ entity: { id } }) => !seen.has(id) && seen.add(id));
    const drawn = all.map((each) => draw(each.entity, { ...form, ...each.projection }));
    // An entity that nothing is linked with is shown as if nothing had been asked of its links.
    return one && drawn.length === 1 ? mustShow(drawn[0]) : listed(drawn, isGeo);
  }
  const inline = join && {
    entities: new Map([...linked, ...roots].map(({ entity }) => [entity.id, entity])),
    levels: join.levels,
    above: join.containedBy,
    budget: { left: LINKED_ENTITIES_MAX },
  };
  const drawn = roots.map(({ entity }) =>
    draw(entity, { ...presentation, ...(inline ? { inline } : {}) }),
  );
  return one ? mustShow(drawn[0]) : listed(drawn, isGeo);
};

const isSomething = (drawn: object | undefined): boolean =>
  drawn !== undefined && Object.keys(drawn).length > 0;

/** What the projection leaves nothing of is not there for the caller. */
const mustShow = (drawn: object | undefined): object => {
  if (drawn && isSomething(drawn)) return drawn;
  throw new Refusal('not-found', 'The entity has none of the members asked for (clause 4.21).');
};

const listed = (drawn: readonly object[], isGeo: boolean): unknown =>
  isGeo ? { type: 'FeatureCollection', features: drawn } : drawn.filter(isSomething);

/** What entities must have to be shown at all, where only attributes are picked: pages count those alone. */
export const pickedOf = ({ presentation }: Show): readonly string[] | undefined => {
  const { only, hidden, sysAttrs } = presentation;
  return only && !sysAttrs && hidden?.size === OWN_MEMBERS ? [...only] : undefined;
};

/** Answers with entities, a list of them or one, as they are to be shown. */
export const sendShown = async (
  reply: FastifyReply,
  asked: Asked,
  show: Show,
  reader: Reader,
  found: readonly Entity[] | Entity,
) => {
  const one = !Array.isArray(found);
  const entities = one ? [found as Entity] : (found as readonly Entity[]);
  const { minor } = show;
  if (minor === undefined) {
    const data = await present(entities, show, reader, asked.tenant, one);
    return sendLd(reply, show.accepted, asked, data);
  }
  let amended = false;
  const earlier = (entity: Entity): Entity => {
    const told = toEarlier(entity, minor, asked.names);
    amended ||= told !== entity;
    return told;
  };
  const told = entities.map(earlier);
  const linked: Reader['linked'] = async (ids, tenant) =>
    (await reader.linked(ids, tenant)).map(earlier);
  const data = await present(told, show, { ...reader, linked }, asked.tenant, one);
  reply.header('preference-applied', `ngsi-ld=1.${minor}`);
  if (amended && reply.statusCode === 200) reply.code(203);
  return sendLd(reply, show.accepted, asked, data);
};
