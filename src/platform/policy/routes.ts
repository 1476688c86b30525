import { Type } from 'typebox';
import type { Role } from '#kernel/actor';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import {
  Answer,
  Books,
  GrantedActions,
  NewQuestion,
  NewTrial,
  OwnActions,
  type Subjects,
  type Things,
  Trial,
} from './contract.ts';
import { tryText } from './changes/trial.ts';
import type { Live } from './live.ts';
import type { Recorded } from './recorded/decisions.ts';
import type { Rights } from './rights.ts';

const TAGS = ['policy'];
const SEE = { action: 'policy.see-rights' };

type Needs = {
  readonly rights: Rights;
  readonly live: Live;
  readonly subjects: ReadonlyMap<string, Subjects>;
  readonly things: ReadonlyMap<string, Things>;
  readonly listRecorded: () => Promise<readonly Recorded[]>;
};

/** What one may do, what everybody may, and why; and what a change would change. */
export const addRoutes = (app: App, { rights, live, subjects, things, listRecorded }: Needs) => {
  const shown = () =>
    new Map(
      rights
        .policies()
        .map(({ id, module, title, effect, text }) => [id, { id, module, title, effect, text }]),
    );

  app.get(
    '/me',
    {
      config: { action: 'policy.see-own-rights' },
      schema: { tags: TAGS, response: { 200: OwnActions } },
    },
    async ({ actor }) => ({
      actions: rights.actions.map(({ id }) => id).filter((id) => rights.allows(actor, id)),
    }),
  );

  app.get(
    '/actions',
    { config: SEE, schema: { tags: TAGS, response: { 200: GrantedActions } } },
    async () => ({ items: rights.actions }),
  );

  app.get('/books', { config: SEE, schema: { tags: TAGS, response: { 200: Books } } }, async () => {
    const policies = [...shown().values()];
    return {
      items: rights.books.map(({ module, title, text }) => ({
        module,
        title,
        text: live.textOf(module) ?? text,
        delivered: text,
        changed: live.textOf(module) !== undefined && live.textOf(module) !== text,
        unusable: live.isUnusable(module),
        policies: policies.filter((policy) => policy.module === module),
      })),
    };
  });

  app.post(
    '/questions',
    { config: SEE, schema: { tags: TAGS, body: NewQuestion, response: { 200: Answer } } },
    async ({ body: { actor, action, purpose, resource } }) => {
      const { kind, id = kind, roles = [], assurance } = actor;
      const known = await subjects.get(kind)?.find(id);
      const thing = resource?.id ? await things.get(resource.kind)?.find(resource.id) : undefined;
      const asked = thing ?? resource;
      const { allowed, because } = rights.answer({
        actor: known ?? {
          kind,
          id,
          name: id,
          roles: ['anyone', ...(roles as Role[])],
          ...(assurance ? { assurance } : {}),
        },
        action,
        ...(purpose === undefined ? {} : { purpose }),
        ...(asked ? { resource: asked } : {}),
      });
      const all = shown();
      return { allowed, because: because.flatMap((name) => all.get(name) ?? []) };
    },
  );

  app.post(
    '/trials',
    { config: SEE, schema: { tags: TAGS, body: NewTrial, response: { 200: Trial } } },
    async ({ body }) => {
      if (!rights.books.some(({ module }) => module === body.module))
        throw new Refusal('not-found', `There is no module ${body.module}.`);
      return tryText(rights, live.texts(), body, await listRecorded());
    },
  );
};

export const IdPath = Type.Object({ id: Type.String({ maxLength: 100 }) });
