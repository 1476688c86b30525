import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import type { Actor } from '#kernel/actor';
import { testEngines } from '#kernel/database';
import { hashSecret } from '#kernel/ids';
import { openTestHouse } from '../../../test/house.ts';
import identityModule from './module.ts';
import { addPerson, changePassword, findByPassword } from './people/people.ts';
import { findPerson } from './people/actors.ts';
import auditModule from '../audit/module.ts';
import registersModule from '../registers/module.ts';
import { findBySession, openSession } from './sign-in/sessions.ts';
import type { Terms } from './people/terms.ts';
import type { IdentityTables } from './tables.ts';
import { toInstant } from '#kernel/time';
import { addToken, findByToken, revokeToken } from './tokens.ts';

const NOW = new Date('2026-08-01T00:00:00Z');
const TERMS: Terms = { demo: false, staffFactors: 1, now: () => toInstant(NOW) };
const HER = { name: 'Lin Hai', password: 'tide-and-three-rivers' };

describe.each(testEngines)('what ends in identity on %s', (engine) => {
  let house: House;
  let her: Actor;
  beforeAll(async () => {
    house = await openTestHouse({
      modules: [identityModule, registersModule, auditModule],
      engine,
      at: NOW.toISOString(),
    });
    const id = await addPerson(db(), { ...HER, roles: ['developer'] }, NOW);
    her = (await findPerson(db(), id!, 1, TERMS))!;
  });
  afterAll(() => house?.[Symbol.asyncDispose]());

  const db = () => house.database.schema<IdentityTables>('identity');
  const inOne = <T>(work: (own: ReturnType<typeof db>) => Promise<T>) =>
    house.database.transaction(({ kysely }) => work(kysely<IdentityTables>('identity')));
  const make = (maker: Actor, expiresAt?: string) =>
    inOne((own) =>
      addToken(
        own,
        maker,
        { name: 'x', roles: ['developer'], ...(expiresAt && { expiresAt }) },
        NOW,
      ),
    );
  const bearerOf = (token: { secret: string }) => findByToken(db(), hashSecret(token.secret), NOW);
  const revoke = (id: string) => inOne((own) => revokeToken(own, her, id, NOW));

  test('what an application’s token made ends with it, generation by generation', async () => {
    const parent = await make(her, '2026-09-01T00:00:00Z');
    const child = await make((await bearerOf(parent))!);
    expect(Date.parse(child.expiresAt)).toBe(Date.parse('2026-09-01T00:00:00Z'));
    const grandchild = await make((await bearerOf(child))!);
    const other = await make(her);
    expect(await bearerOf(grandchild)).toMatchObject({ kind: 'application' });
    expect((await revoke(parent.id)).toSorted()).toEqual(
      [parent, child, grandchild].map((token) => hashSecret(token.secret)).toSorted(),
    );
    for (const token of [parent, child, grandchild]) expect(await bearerOf(token)).toBeUndefined();
    expect(await bearerOf(other)).toMatchObject({ kind: 'application' });
  });

  test('a token made while its maker is revoked does not outlive it', async () => {
    for (let round = 0; round < 10; round++) {
      const parent = await make(her);
      const maker = (await bearerOf(parent))!;
      const [child] = await Promise.allSettled([make(maker), revoke(parent.id)]);
      if (child.status === 'fulfilled') expect(await bearerOf(child.value)).toBeUndefined();
      else expect(child.reason).toMatchObject({ kind: 'unauthenticated' });
    }
  });

  const signIn = async (before = async () => {}) => {
    const found = await findByPassword(db(), HER.name, HER.password, TERMS);
    await before();
    if (!found) return undefined; // changed before it was looked at
    const { epoch } = found;
    const session = { person: her.id, epoch, method: 'password', factors: 1 } as const;
    return openSession(db(), { ...session, userAgent: '', address: '' }, NOW);
  };

  test('a password whose change breaks off is the old one', async () => {
    expect(await signIn()).toMatch(/^sj_session_/);
    await house.database
      .query(`create function identity.broken() returns trigger language plpgsql as
      $$ begin raise exception 'broken off'; end $$`);
    await house.database.query(
      'create trigger broken before update on identity.sessions execute function identity.broken()',
    );
    const change = () =>
      inOne((own) =>
        changePassword(own, her.id, { password: 'a-longer-password', keepHash: '' }, NOW),
      );
    await expect(change()).rejects.toThrow('broken off');
    await house.database.query('drop trigger broken on identity.sessions');
    expect(await findByPassword(db(), HER.name, HER.password, TERMS)).toMatchObject({
      person: { id: her.id },
    });
    await change();
    expect(await findByPassword(db(), HER.name, HER.password, TERMS)).toBeUndefined();
  });

  test('who signs in with the old password while it is changed gets no session that outlives it', async () => {
    const change = (password: string) =>
      inOne((own) => changePassword(own, her.id, { password, keepHash: '' }, NOW));
    await change(HER.password);
    expect(await signIn(() => change('another-password'))).toBeUndefined();
    for (let round = 0; round < 5; round++) {
      await change(HER.password);
      const [secret] = await Promise.all([
        signIn(async () => void (await new Promise((done) => setTimeout(done, 10 * round)))),
        change('another-password'),
      ]);
      if (secret) expect(await findBySession(db(), hashSecret(secret), TERMS)).toBeUndefined();
    }
  });
});
