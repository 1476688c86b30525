import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { toInstant } from '#kernel/time';
import { Token, TokenWithSecret } from './contract.ts';
import type { Needs } from './needs.ts';
import { addToken, listTokens, revokeToken } from './tokens.ts';

const TAGS = ['identity'];
const DAY_MS = 86_400_000;
const KEY_DAYS = 30;
const KEYS_EACH_MAX = 5;
const Name = Type.String({ minLength: 1, maxLength: 100 });

/** Keys that anybody who signed in makes for themselves, to try the interface as a named application without rights. */
export const addSandboxRoutes = (app: App, { inOne, db, clock, identifier }: Needs) => {
  const config = { action: 'identity.take-sandbox-key' };
  const isInUse = (token: { sandbox: boolean; revokedAt: string | null; expiresAt: string }) =>
    token.sandbox &&
    token.revokedAt === null &&
    Date.parse(token.expiresAt) > clock.now().getTime();
  const own = (id: string) => ({ kind: 'person', id, name: '', roles: [] }) as const;

  app.get(
    '/sandbox-keys',
    {
      config,
      schema: { tags: TAGS, response: { 200: Type.Object({ items: Type.Array(Token) }) } },
    },
    async ({ actor }) => ({ items: (await listTokens(db, own(actor.id))).filter(isInUse) }),
  );

  app.post(
    '/sandbox-keys',
    {
      config,
      schema: {
        tags: TAGS,
        body: Type.Object({ name: Name }, { additionalProperties: false }),
        response: { 201: TokenWithSecret },
      },
    },
    async ({ actor, body }, reply) => {
      if (actor.kind !== 'person' || actor.client !== undefined)
        throw new Refusal('forbidden', 'Only a person who signed in takes a key.');
      const made = await inOne(async ({ db: tx, note }) => {
        // Two at once count each other: the row of the person is held.
        await tx.selectFrom('people').select('id').where('id', '=', actor.id).forUpdate().execute();
        const held = (await listTokens(tx, own(actor.id))).filter(isInUse).length;
        if (held >= KEYS_EACH_MAX)
          throw new Refusal('conflict', `You hold ${held} keys already. End some first.`);
        const expiresAt = toInstant(clock.now().getTime() + KEY_DAYS * DAY_MS);
        const asked = { name: body.name, roles: [], expiresAt };
        const token = await addToken(tx, actor, asked, clock.now(), { sandbox: true });
        const subject = { kind: 'token', id: token.id };
        await note({ actor, action: config.action, subject, after: { name: body.name } });
        return token;
      });
      return reply.code(201).send(made);
    },
  );

  app.delete(
    '/sandbox-keys/:id',
    {
      config,
      schema: {
        tags: TAGS,
        params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
        response: { 204: Type.Null() },
      },
    },
    async ({ actor, params: { id } }, reply) => {
      const hashes = await inOne(async ({ db: tx, note }) => {
        const ended = await revokeToken(tx, own(actor.id), id, clock.now());
        await note({ actor, action: config.action, subject: { kind: 'token', id } });
        return ended;
      });
      for (const hash of hashes) identifier.forget(hash);
      return reply.code(204).send(null);
    },
  );
};
