import type { Actor } from '#kernel/actor';
import { Refusal } from '#kernel/errors';
import { defineModule, storage } from '#kernel/module';
import { audit } from '#platform/audit';
import { openPoint } from './authzen/point.ts';
import { addAuthzen, addAuthzenMetadata } from './authzen/routes.ts';
import { addChangeRoutes } from './change-routes.ts';
import { openChanges } from './changes/changes.ts';
import type { Subjects, Things } from './contract.ts';
import { openEmergencies } from './emergencies/emergencies.ts';
import { policy } from './index.ts';
import { openLive } from './live.ts';
import { openRecorded } from './recorded/decisions.ts';
import { openRights } from './rights.ts';
import { addRoutes } from './routes.ts';
import { openViews } from './sight/view.ts';
import type { PolicyTables } from './tables.ts';

export default defineModule({
  provides: policy,
  title: { zh: '权限', en: 'Rights' },
  plan: { 'I19.1': 'part', 'I19.6': 'part' },
  uses: [audit],
  actions: {
    'policy.see-own-rights': {
      title: { zh: '查看自己的权限', en: 'See what one may do oneself' },
      grant: ['anyone'],
    },
    'policy.see-rights': {
      title: { zh: '查看全部操作及其授权', en: 'See every action and who may do it' },
      grant: ['administrator'],
    },
    'policy.decide': {
      title: {
        zh: '为外部系统作出授权判断',
        en: 'Ask for decisions on behalf of an outside system',
      },
      grant: ['operator'],
    },
    'policy.change-rights': {
      title: { zh: '提出与批准权限变更', en: 'Propose and approve changes of rights' },
      grant: ['administrator'],
    },
    'policy.break-glass': {
      title: { zh: '紧急情况下临时查看', en: 'See everything for a while in an emergency' },
      grant: [],
    },
    'policy.review-emergencies': {
      title: { zh: '复核紧急查看', en: 'Review emergency accesses' },
      grant: ['administrator'],
    },
  },
  acts: {
    'policy.change-proposal': { zh: '提出权限变更', en: 'A change of rights was proposed' },
    'policy.change-approval': { zh: '批准权限变更', en: 'A change of rights was approved' },
    'policy.change-rejection': { zh: '否决权限变更', en: 'A change of rights was rejected' },
    'policy.change-withdrawal': { zh: '撤回权限变更', en: 'A change of rights was withdrawn' },
    'policy.emergency-begun': { zh: '启用紧急查看', en: 'The glass was broken in an emergency' },
    'policy.emergency-ended': { zh: '结束紧急查看', en: 'An emergency access was ended' },
    'policy.emergency-reviewed': { zh: '复核紧急查看', en: 'An emergency access was reviewed' },
  },
  events: {},
  feeds: [
    {
      standard: 'OpenID AuthZEN Authorization API',
      version: '1.0',
      direction: 'out',
      at: '/access/v1',
      implemented: {
        zh: '单项与批量判断（三种语义）、按主体、资源、操作检索（分页）、元数据',
        en: 'Evaluation, evaluations with all three semantics, search by subject, resource and action with pages, metadata',
      },
    },
  ],
  policies: new URL('./policies.cedar', import.meta.url),
  storage: storage<PolicyTables>(new URL('./migrations/', import.meta.url)),
  personalData: {
    changes: {
      purpose: {
        zh: '记录谁提出与批准了权限变更',
        en: 'To know who proposed and approved a change of rights',
      },
      retention: { zh: '长期', en: 'For good' },
    },
    emergencies: {
      purpose: {
        zh: '追究紧急查看的责任',
        en: 'To hold somebody answerable for each emergency access',
      },
      retention: { zh: '长期', en: 'For good' },
    },
    decisions: {
      purpose: { zh: '试算权限变更的影响', en: 'To try changes of rights against' },
      retention: { zh: '30 天', en: '30 days' },
    },
  },
  setup: ({ manifests, config, database, db, clock, log, transact }, apis) => {
    const recorded = openRecorded(database, clock, log);
    const isEmergency = (actor: Actor): boolean => live.isEmergency(actor);
    const rights = openRights({ manifests, isEmergency, noted: recorded.note });
    const views = openViews(rights, manifests, isEmergency);
    const needs = { db, clock, audit: apis.audit, transact, look: () => live.look() };
    const emergencies = openEmergencies(needs);
    const live = openLive({
      database,
      clock,
      log,
      books: rights.books,
      underWay: emergencies.underWay,
      replace: rights.replace,
      changed: views.forget,
    });
    const changes = openChanges({
      ...needs,
      check: (module, text) => {
        if (!rights.books.some((book) => book.module === module))
          throw new Refusal('not-found', `There is no module ${module}.`);
        rights.engineWith(new Map([...live.texts(), [module, text]]), 'check');
      },
    });
    const subjects = new Map<string, Subjects>();
    const things = new Map<string, Things>();
    return {
      api: {
        allows: rights.allows,
        decide: rights.decide,
        viewOf: views.viewOf,
        registerSubjects: (kind, known) => void subjects.set(kind, known),
        registerThings: (kind, known) => void things.set(kind, known),
      },
      routes: (app) => {
        addRoutes(app, { rights, live, subjects, things, listRecorded: recorded.list });
        addChangeRoutes(app, { changes, emergencies });
      },
      doors: {
        '/access/v1': (app) => addAuthzen(app, openPoint(rights, subjects, things)),
        '/.well-known': (app) => addAuthzenMetadata(app, config.publicUrl),
      },
      start: async () => {
        await live.start();
        recorded.start();
      },
      stop: async () => {
        live.stop();
        await recorded.stop();
      },
      jobs: [
        {
          name: 'policy.trim-decisions',
          everySeconds: 3600,
          limitSeconds: 60,
          run: recorded.trim,
        },
      ],
    };
  },
});
