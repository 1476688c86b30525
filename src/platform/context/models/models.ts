import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import type { Logger } from '#kernel/log';
import { openLooking } from '#kernel/schedule';
import { type Clock, toInstant } from '#kernel/time';
import type { Act, Audit, By } from '#platform/audit';
import { presentEntity } from '../entity/present.ts';
import type { Names } from '../jsonld/compile.ts';
import type { Contexts } from '../jsonld/contexts.ts';
import type { Entity } from '../model.ts';
import { compileModel, type Validate } from './compile.ts';

/** Each is compiled in every process. */
const MODELS_MAX = 500;
/** How soon a model that another process took is known of here. */
const LOOK_MS = 1_000;

/** What entities of a type must be like. */
export type Model = {
  readonly schema: unknown;
  readonly parts: unknown;
  /** The context in whose names the schema speaks; null is the core context. */
  readonly names: unknown;
};
export type StoredModel = Model & {
  readonly tenant: string;
  readonly type: string;
  readonly modifiedAt: string;
};
type Compiled = { readonly names: Names; readonly validate: Validate };
type Needs = {
  database: Database;
  contexts: Contexts;
  clock: Clock;
  log: Logger;
  audit: Pick<Audit, 'record'>;
};

const COLUMNS = 'm.tenant, m.type, m.schema, m.parts, m.names, m.modified_at as "modifiedAt"';
const keyOf = (tenant: string, type: string) => `${tenant}\n${type}`;

const actOf = (by: By, done: 'kept' | 'removed', type: string, after?: Model): Act => ({
  ...by,
  action: `context.model-${done}`,
  subject: { kind: 'entity-type', id: type },
  outcome: 'done',
  ...(after && { after }),
});

/** The models that types declare, compiled, and kept as they are in every process. */
export const openModels = ({ database, contexts, clock, log, audit }: Needs) => {
  let compiled: ReadonlyMap<string, Compiled> = new Map();
  let revision = -1;

  const compile = async ({ schema, parts, names }: Model): Promise<Compiled> => ({
    names: await contexts.namesOf(names ?? undefined),
    validate: compileModel(schema, parts),
  });

  const lookNow = async (): Promise<void> => {
    const [row] = await database.query<{ revision: number }>(
      'select revision from context.models_revision',
      [],
      'context-models-revision',
    );
    const current = Number(row?.revision);
    if (current === revision) return;
    const models = await database.query<StoredModel>(`select ${COLUMNS} from context.models m`);
    const next = new Map<string, Compiled>();
    for (const model of models)
      try {
        next.set(keyOf(model.tenant, model.type), await compile(model));
      } catch (error) {
        // It was checked when it was taken: one that a newer version no longer reads must not stop the others.
        log.error({ err: error, type: model.type }, 'a model cannot be used');
      }
    compiled = next;
    revision = current;
  };
  const { look, start, stop } = openLooking({
    read: lookNow,
    everyMs: LOOK_MS,
    failed: (error) => log.warn({ err: error }, 'models cannot be read'),
  });

  const change = async (text: string, values: readonly unknown[], act: Act): Promise<boolean> => {
    const changed = await database.transaction(async ({ sql }) => {
      await sql.query('update context.models_revision set revision = revision + 1');
      const [made] = (await sql.query<{ made: boolean }>(text, values)).rows;
      if (made) await audit.record(sql, act);
      return made;
    });
    await look();
    return changed !== undefined;
  };

  return {
    /** What the entity lacks by the models of its types, as a sentence; types without one may be anything. */
    check: (tenant: string, entity: Entity): string | undefined => {
      if (compiled.size === 0) return undefined;
      for (const type of entity.types) {
        const model = compiled.get(keyOf(tenant, type));
        if (!model) continue;
        const short = model.names.compact(type);
        const fault = model.validate({
          ...presentEntity(entity, { names: model.names, as: 'simplified' }),
          type: short,
        });
        if (fault !== undefined) return `${fault} (by the model of ${short}).`;
      }
      return undefined;
    },

    list: (tenant: string): Promise<StoredModel[]> =>
      database.query<StoredModel>(
        `select ${COLUMNS} from context.models m where m.tenant = $1 order by m.type`,
        [tenant],
      ),

    /** Throws Refusal('not-found'). */
    get: async (tenant: string, type: string): Promise<StoredModel> => {
      const [model] = await database.query<StoredModel>(
        `select ${COLUMNS} from context.models m where m.tenant = $1 and m.type = $2`,
        [tenant, type],
      );
      if (!model) throw new Refusal('not-found', `The type ${type} declares no model.`);
      return model;
    },

    /** In force for the next write of this process. Throws Refusal: 'invalid', 'too-large', 'too-many'. */
    put: async (tenant: string, type: string, model: Model, by: By): Promise<void> => {
      await compile(model);
      const put = await change(
        `insert into context.models (tenant, type, schema, parts, names, modified_at)
         select $1, $2, $3, $4, $5, $6
         where (select count(*) from context.models where (tenant, type) <> ($1, $2)) < ${MODELS_MAX}
         on conflict (tenant, type) do update set schema = excluded.schema, parts = excluded.parts,
           names = excluded.names, modified_at = excluded.modified_at
         returning true as made`,
        [
          tenant,
          type,
          JSON.stringify(model.schema),
          JSON.stringify(model.parts),
          JSON.stringify(model.names),
          toInstant(clock.now()),
        ],
        actOf(by, 'kept', type, model),
      );
      if (!put) throw new Refusal('too-many', `There are ${MODELS_MAX} models; one must go first.`);
    },

    /** Throws Refusal('not-found'). */
    remove: async (tenant: string, type: string, by: By): Promise<void> => {
      const removed = await change(
        'delete from context.models where tenant = $1 and type = $2 returning true as made',
        [tenant, type],
        actOf(by, 'removed', type),
      );
      if (!removed) throw new Refusal('not-found', `The type ${type} declares no model.`);
    },

    start,
    stop,
  };
};
export type Models = ReturnType<typeof openModels>;
