import { defineModule, storage } from '#kernel/module';
import { toInstant } from '#kernel/time';
import { openIdentify } from './identify.ts';
import { identity } from './index.ts';
import { ensureFirstAdministrator, prepareDecoy } from './people.ts';
import { addRoutes } from './routes.ts';
import { findBySession } from './sessions.ts';
import type { IdentityTables } from './tables.ts';
import { findByToken } from './tokens.ts';

const DAY_SECONDS = 86_400;
/** Ended sessions and tokens stay visible this long, for whoever looks into a misuse. */
const KEPT_DAYS_AFTER_END = 30;

export default defineModule({
  provides: identity,
  title: { zh: '身份与登录', en: 'Identity and sign-in' },
  plan: {},
  uses: [],
  actions: {
    'identity.see-oneself': {
      title: { zh: '查看自己的身份', en: 'See who one is here' },
      grant: ['anyone'],
    },
    'identity.sign-in': { title: { zh: '登录', en: 'Sign in' }, grant: ['anyone'] },
    'identity.sign-out': { title: { zh: '退出登录', en: 'Sign out' }, grant: ['anyone'] },
    'identity.change-own-password': {
      title: { zh: '修改自己的密码', en: "Change one's own password" },
      grant: ['person'],
    },
    'identity.keep-tokens': {
      title: { zh: '管理应用令牌', en: 'Make and revoke tokens of applications' },
      grant: ['developer'],
    },
  },
  events: {},
  storage: storage<IdentityTables>(new URL('./migrations/', import.meta.url)),
  personalData: {
    people: {
      purpose: {
        zh: '供人员登录并记录其角色',
        en: 'To let people sign in, and to know their roles',
      },
      retention: { zh: '账户存在期间', en: 'As long as the account exists' },
    },
    sessions: {
      purpose: {
        zh: '识别已登录的人员，并查明被盗用的会话',
        en: 'To recognise who has signed in, and to find stolen sessions',
      },
      retention: { zh: '会话结束后 30 天', en: '30 days after the session ends' },
    },
    tokens: {
      purpose: { zh: '记录由谁签发了应用令牌', en: 'To know who made an application its token' },
      retention: { zh: '令牌失效后 30 天', en: '30 days after the token ends' },
    },
    sign_in_attempts: {
      purpose: { zh: '阻止猜测密码', en: 'To stop the guessing of passwords' },
      retention: { zh: '最后一次尝试后 1 天', en: 'One day after the last attempt' },
    },
  },
  setup: ({ clock, config, consoleSecret, database, db }) => {
    const identifier = openIdentify({
      clock,
      auth: config.auth,
      publicUrl: config.publicUrl,
      consoleSecret,
      bySession: (hash) => findBySession(db, hash, clock.now()),
      byToken: (hash) => findByToken(db, hash, clock.now()),
    });
    return {
      api: {
        identify: identifier.identify,
        registerResolver: identifier.registerResolver,
        ensureFirstAdministrator: () => ensureFirstAdministrator(db, clock.now()),
      },
      routes: (app) => addRoutes(app, { db, database, clock, config, identifier }),
      start: async () => {
        await prepareDecoy();
      },
      jobs: [
        {
          name: 'identity.forget',
          everySeconds: DAY_SECONDS,
          limitSeconds: 300,
          run: async () => {
            const now = clock.now().getTime();
            const ended = toInstant(now - KEPT_DAYS_AFTER_END * DAY_SECONDS * 1000);
            for (const table of ['sessions', 'tokens'] as const)
              await db
                .deleteFrom(table)
                .where((is) => is(is.fn.coalesce('revoked_at', 'expires_at'), '<', ended))
                .execute();
            await db
              .deleteFrom('sign_in_attempts')
              .where('last_at', '<', toInstant(now - DAY_SECONDS * 1000))
              .execute();
          },
        },
      ],
    };
  },
});
