import { Type } from 'typebox';
import { defineModule, storage } from '#kernel/module';
import { toInstant } from '#kernel/time';
import { registers } from '#platform/registers';
import { ACTIONS } from './actions.ts';
import type { InOne } from './acts.ts';
import { findMandate } from './bodies/mandates.ts';
import { addBodyRoutes } from './bodies/routes.ts';
import { followRegister } from './bodies/seed.ts';
import { forgetEnded } from './forget.ts';
import { openIdentify } from './identify.ts';
import { identity } from './index.ts';
import type { Needs } from './needs.ts';
import { ensureFirstAdministrator, prepareDecoy } from './people/people.ts';
import type { Terms } from './people/terms.ts';
import { PERSONAL_DATA } from './personal-data.ts';
import { addRoutes } from './routes.ts';
import { findBySession } from './sign-in/sessions.ts';
import type { IdentityTables } from './tables.ts';
import { findByToken } from './tokens.ts';

const DAY_SECONDS = 86_400;

export default defineModule({
  provides: identity,
  title: { zh: '身份与登录', en: 'Identity and sign-in' },
  plan: {},
  uses: [registers],
  actions: ACTIONS,
  events: {},
  settings: Type.Object({
    DEMO: Type.String({
      default: '5',
      description: 'off: there are no demonstration people, and none of them signs in',
    }),
    STAFF_SECOND_FACTOR: Type.Union([Type.Literal('on'), Type.Literal('off')], {
      default: 'off',
      description: 'on: members of the administration count as staff with two factors only',
    }),
  }),
  storage: storage<IdentityTables>(new URL('./migrations/', import.meta.url)),
  personalData: PERSONAL_DATA,
  setup: ({ clock, config, consoleSecret, database, db, settings, transact }, apis) => {
    const terms: Terms = {
      demo: settings.DEMO !== 'off',
      staffFactors: settings.STAFF_SECOND_FACTOR === 'on' ? 2 : 1,
      now: () => toInstant(clock.now()),
    };
    const inOne: InOne = (work) =>
      transact(({ db: own }) => work({ db: own, note: async () => {} }));
    const identifier = openIdentify({
      clock,
      auth: config.auth,
      publicUrl: config.publicUrl,
      consoleSecret,
      bySession: (hash) => findBySession(db, hash, terms),
      byToken: (hash) => findByToken(db, hash, clock.now()),
      byMandate: (agent, mandate) => findMandate(db, agent, mandate, terms.now()),
    });
    const needs: Needs = { db, database, inOne, clock, config, terms, identifier };
    return {
      api: {
        identify: identifier.identify,
        registerResolver: identifier.registerResolver,
        ensureFirstAdministrator: () => ensureFirstAdministrator(db, clock.now()),
      },
      routes: (app) => {
        addRoutes(app, needs);
        addBodyRoutes(app, needs);
      },
      start: async () => {
        await prepareDecoy();
        await inOne(({ db: own }) => followRegister(own, apis.registers.bodies(), clock.now()));
      },
      jobs: [
        {
          name: 'identity.forget',
          everySeconds: DAY_SECONDS,
          limitSeconds: 300,
          run: () => forgetEnded(db, clock.now()),
        },
      ],
    };
  },
});
