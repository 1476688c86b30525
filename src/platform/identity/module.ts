import { Type } from 'typebox';
import { defineModule, storage } from '#kernel/module';
import { hashSecret } from '#kernel/ids';
import { toInstant } from '#kernel/time';
import { audit } from '#platform/audit';
import { registers } from '#platform/registers';
import { ACTIONS } from './actions.ts';
import type { InOne } from './acts.ts';
import { findMandate } from './bodies/mandates.ts';
import { addBodyRoutes } from './bodies/routes.ts';
import { followRegister } from './bodies/seed.ts';
import { followDemonstration, readDemoPeople } from './demo/people.ts';
import { forgetEnded } from './forget.ts';
import { OIDC_PATH, openIdentify, SESSION_COOKIE } from './identify.ts';
import { identity } from './index.ts';
import type { Needs } from './needs.ts';
import { findByAccessToken } from './oidc/access.ts';
import { openDoor } from './oidc/door.ts';
import { addInteractionRoutes } from './oidc/interactions.ts';
import { ensureKeys, rotateOldKeys } from './oidc/keys.ts';
import { openOidc } from './oidc/provider.ts';
import { addApplicationRoutes } from './oidc/routes.ts';
import { listeningAt } from './origin.ts';
import { addPeopleRoutes } from './people/routes.ts';
import { findPerson, listPeople } from './people/actors.ts';
import { ensureFirstAdministrator, prepareDecoy } from './people/people.ts';
import type { Terms } from './people/terms.ts';
import { PERSONAL_DATA } from './personal-data.ts';
import { addRoutes } from './routes.ts';
import { addSandboxRoutes } from './sandbox.ts';
import { openSealing } from './sealing.ts';
import { addSignInRoutes } from './sign-in/routes.ts';
import { findBySession } from './sign-in/sessions.ts';
import type { IdentityTables } from './tables.ts';
import { findByToken } from './tokens.ts';

const DAY_SECONDS = 86_400;

export default defineModule({
  provides: identity,
  title: { zh: '身份与登录', en: 'Identity and sign-in' },
  plan: { 'I19.1': 'part', 'I19.6': 'part', 'R22.2': 'part' },
  uses: [registers, audit],
  actions: ACTIONS,
  events: {},
  settings: Type.Object({
    DEMO: Type.String({
      default: '5',
      description: 'off: there are no demonstration people, and none of them signs in',
    }),
    CITY: Type.String({ default: 'ningbo', description: 'Whose demonstration people there are' }),
    STAFF_SECOND_FACTOR: Type.Union([Type.Literal('on'), Type.Literal('off')], {
      default: 'off',
      description: 'on: members of the administration count as staff with two factors only',
    }),
    IDENTITY_KEY: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9+/]{43}=$',
        description:
          '32 bytes in base64 that seal keys and secrets; DATA_DIR/identity.key if absent',
      }),
    ),
  }),
  storage: storage<IdentityTables>(new URL('./migrations/', import.meta.url)),
  personalData: PERSONAL_DATA,
  setup: ({ clock, config, consoleSecret, database, db, log, settings, transact }, apis) => {
    const terms: Terms = {
      demo: settings.DEMO !== 'off',
      staffFactors: settings.STAFF_SECOND_FACTOR === 'on' ? 2 : 1,
      now: () => toInstant(clock.now()),
    };
    const inOne: InOne = (work) =>
      transact(({ db: own, sql }) =>
        work({ db: own, note: (act) => apis.audit.record(sql, { ...act, outcome: 'done' }) }),
      );
    const demo = readDemoPeople(settings.CITY);
    const sealing = openSealing(settings.IDENTITY_KEY, config.dataDir);
    let origin = (): string => config.publicUrl ?? `http://${config.host}:${config.port}`;
    const oidc = openOidc({
      db,
      clock,
      log,
      origin: () => origin().replace(/\/+$/, ''),
      loadKeys: () => inOne(({ db: own }) => ensureKeys(own, sealing, clock.now())),
      findPerson: (id, factors) => findPerson(db, id, factors, terms),
      findSignedIn: async ({ cookies }) => {
        const secret = cookies.get(SESSION_COOKIE, { signed: false });
        return secret === undefined ? undefined : findBySession(db, hashSecret(secret), terms);
      },
    });
    const identifier = openIdentify({
      clock,
      auth: config.auth,
      publicUrl: config.publicUrl,
      consoleSecret,
      bySession: (hash) => findBySession(db, hash, terms),
      byToken: async (hash) =>
        (await findByToken(db, hash, clock.now())) ??
        findByAccessToken(db, hash, oidc.resource(), terms),
      byMandate: (agent, mandate) => findMandate(db, agent, mandate, terms.now()),
    });
    const needs: Needs = { db, database, inOne, clock, config, terms, identifier };
    return {
      api: {
        identify: identifier.identify,
        registerResolver: identifier.registerResolver,
        ensureFirstAdministrator: () => ensureFirstAdministrator(db, clock.now()),
        findPerson: (id) => findPerson(db, id, 1, terms),
        listPeople: (afterId, limit) => listPeople(db, afterId, limit, terms),
      },
      routes: (app) => {
        origin = () => config.publicUrl ?? listeningAt(app, config);
        addRoutes(app, needs);
        addBodyRoutes(app, needs);
        addInteractionRoutes(app, needs, oidc);
        addApplicationRoutes(app, needs, { oidc, sealing });
        addSignInRoutes(app, needs, sealing);
        addSandboxRoutes(app, needs);
        addPeopleRoutes(app, needs, { sealing, demo });
      },
      doors: { [OIDC_PATH]: openDoor(oidc) },
      start: async () => {
        await prepareDecoy();
        await inOne(async ({ db: own }) => {
          await followRegister(own, apis.registers.bodies(), clock.now());
          await followDemonstration(own, demo, { on: terms.demo, now: clock.now() });
        });
      },
      jobs: [
        {
          name: 'identity.forget',
          everySeconds: DAY_SECONDS,
          limitSeconds: 300,
          run: () => forgetEnded(db, clock.now()),
        },
        {
          name: 'identity.rotate-keys',
          everySeconds: DAY_SECONDS,
          limitSeconds: 60,
          run: () => inOne(({ db: own }) => rotateOldKeys(own, sealing, clock.now())),
        },
      ],
    };
  },
});
