import { Type } from 'typebox';
import { defineModule, storage } from '#kernel/module';
import { openAccesses } from './accesses.ts';
import { type Audit, audit } from './index.ts';
import { forget, keepRetention, KEPT_DAYS_MIN } from './keeping.ts';
import { insertEntry, toEntry } from './log/entries.ts';
import { ensureKey, originOf } from './log/keys.ts';
import { openSequencer } from './log/sequencer.ts';
import { addRoutes } from './routes.ts';

const DAY_SECONDS = 86_400;

const settings = Type.Object({
  AUDIT_KEY: Type.Optional(
    Type.String({
      description:
        'The Ed25519 key that signs heads of the audit log (PKCS #8 DER in base64), alike in all processes; else a file in DATA_DIR',
    }),
  ),
  AUDIT_DAYS: Type.Integer({
    default: 1096,
    minimum: KEPT_DAYS_MIN,
    description:
      'How long entries of the audit log and access receipts are kept; their hashes stay',
  }),
});

export default defineModule({
  provides: audit,
  title: { zh: '审计', en: 'Audit' },
  uses: [],
  plan: { 'I19.1': 'part', 'S6.12': 'part' },
  actions: {
    'audit.see': {
      title: { zh: '查看审计日志', en: 'See the audit log' },
      grant: ['administrator'],
    },
    'audit.see-heads': {
      title: {
        zh: '查看审计日志的签名树头与公钥',
        en: 'See the signed heads of the audit log and its public keys',
      },
      grant: ['anyone'],
    },
    'audit.export': {
      title: { zh: '导出审计日志', en: 'Take the audit log out' },
      grant: ['administrator'],
    },
    'audit.see-own-receipts': {
      title: {
        zh: '查看谁看过自己的个人信息',
        en: "See who looked at one's own personal data",
      },
      grant: ['person'],
    },
  },
  acts: {
    'audit.key-taken-up': { zh: '启用签名密钥', en: 'A signing key was taken up' },
    'audit.access': { zh: '查阅个人信息（批次）', en: 'Looks at personal data, a batch' },
    'audit.exported': { zh: '导出审计日志', en: 'The audit log was taken out' },
  },
  events: {},
  settings,
  storage: storage(new URL('./migrations/', import.meta.url)),
  personalData: {
    entries: {
      purpose: {
        zh: '证明谁在何时做了什么',
        en: 'To prove who did what, and when',
      },
      retention: { zh: '至少六个月', en: 'Six months at least' },
    },
    accesses: {
      purpose: {
        zh: '让本人知道谁看过其个人信息',
        en: 'To tell people who looked at their data',
      },
      retention: { zh: '至少六个月', en: 'Six months at least' },
    },
  },
  setup: ({ clock, config, database, log, manifests, settings }) => {
    const accesses = openAccesses(database, clock);
    let sequencer: ReturnType<typeof openSequencer> | undefined;
    let named: string | undefined;
    const origin = async () => (named ??= await originOf(database));
    const api: Audit = {
      record: async (sql, act) => {
        await sql.query(insertEntry(toEntry(act, clock.now())));
      },
      recordAlone: async (act) => {
        const { text, values, name } = insertEntry(toEntry(act, clock.now()));
        await database.query(text, values, name);
      },
      recordAccess: accesses.record,
      forget: (sql, person) => forget(sql, person, clock.now()),
    };
    return {
      api,
      routes: (app) => addRoutes(app, { database, manifests, audit: api, origin }),
      jobs: [
        {
          name: 'audit.keep',
          everySeconds: DAY_SECONDS,
          limitSeconds: 3600,
          run: async () => {
            await keepRetention(database, clock, settings.AUDIT_DAYS);
          },
        },
      ],
      start: async () => {
        if (config.role === 'server') return;
        const key = await ensureKey(
          { database, clock, origin: await origin() },
          { dataDir: config.dataDir, given: settings.AUDIT_KEY },
        );
        sequencer = openSequencer({ database, clock, log, origin: await origin(), key });
        sequencer.start();
      },
      stop: async () => {
        await accesses.close();
        await sequencer?.close();
      },
    };
  },
});
