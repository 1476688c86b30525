import { toEarlier } from '../entity/earlier.ts';
import { gatherLinked, LINKED_ENTITIES_MAX, type ReadLinked } from '../entity/linked.ts';
import {
  presentEntity,
  presentFeature,
  type Presentation,
  type Representation,
} from '../entity/present.ts';
import { type Projection, projectionOf } from '../entity/projection.ts';
import type { Names } from '../jsonld/compile.ts';
import type { Entity } from '../model.ts';
import { joinOf } from '../ngsi-ld/join.ts';
import { openDatasets } from '../ngsi-ld/question-parameters.ts';
import { FULL, type Kept } from './full-names.ts';
import type { Message } from './message.ts';
import { withPrevious } from './previous.ts';

type Json = Record<string, unknown>;

const REPRESENTATION: Readonly<Record<string, Representation>> = {
  normalized: 'normalized',
  concise: 'concise',
  simplified: 'simplified',
  keyValues: 'simplified',
};
const VERSION = /^1\.(\d{1,2})$/;

/** What of entities, and of those they point to, is told; names are full already. Throws Refusal('invalid'). */
export const projectionOfKept = ({ attributes, pick, omit }: Kept['notification']): Projection =>
  projectionOf({ attrs: attributes?.join(), pick: pick?.join(), omit: omit?.join() }, FULL);

/** Minor number of the version of the standard to be told in (clause 4.3.6.8); undefined for none of version 1. */
export const minorOf = (ngsildConformance: string): number | undefined => {
  const [, minor] = VERSION.exec(ngsildConformance) ?? [];
  return minor === undefined ? undefined : Number(minor);
};

/** The entities as this subscriber wants them (clause 5.8.6): each as JSON, as GeoJSON where `isGeo`. */
export const drawEntities = async (
  message: Message,
  kept: Kept,
  { names, isGeo, read }: { names: Names; isGeo: boolean; read: ReadLinked },
): Promise<Json[]> => {
  const { notification, lang, datasetId, ngsildConformance } = kept;
  const { format = 'normalized', sysAttrs = false, showChanges = false } = notification;
  const form = {
    names,
    as: REPRESENTATION[format]!,
    sysAttrs,
    ...(lang ? { lang } : {}),
  } satisfies Presentation;
  const telling = { names, at: message.at, form: form.as, sysAttrs, showsChanges: showChanges };
  const projection = projectionOfKept(notification);
  const ofDatasets = openDatasets(datasetId?.join());
  const minor = ngsildConformance === undefined ? undefined : minorOf(ngsildConformance);
  const earlier = (entity: Entity) =>
    minor === undefined ? entity : toEarlier(entity, minor, names);
  const { previous } = message;
  const roots = message.entities.map((entity) => ({
    entity: earlier(ofDatasets(previous ? withPrevious(entity, previous, telling) : entity)),
    projection,
  }));

  const join = joinOf({ join: notification.join, joinLevel: notification.joinLevel?.toString() });
  const linked = join
    ? await gatherLinked(roots, { ...join, read: async (ids) => (await read(ids)).map(earlier) })
    : [];
  const inline = join?.form === 'inline' && {
    entities: new Map([...linked, ...roots].map(({ entity }) => [entity.id, entity])),
    levels: join.levels,
    above: new Set<string>(),
    budget: { left: LINKED_ENTITIES_MAX },
  };
  const told = new Set<string>();
  const shown = [...roots, ...(join?.form === 'flat' ? linked : [])].filter(
    ({ entity: { id } }) => !told.has(id) && told.add(id),
  );
  return shown.map((one) => {
    const p = { ...form, ...one.projection, ...(inline ? { inline } : {}) };
    const drawn = isGeo ? presentFeature(one.entity, p) : presentEntity(one.entity, p);
    if (!message.deleted) return drawn;
    const deletedAt = { deletedAt: message.at };
    return isGeo
      ? { ...drawn, properties: { ...(drawn['properties'] as Json), ...deletedAt } }
      : { ...drawn, ...deletedAt };
  });
};
