import { defineModule } from '#kernel/module';
import { openPoint } from './authzen/point.ts';
import { addAuthzen, addAuthzenMetadata } from './authzen/routes.ts';
import type { Subjects, Things } from './contract.ts';
import { policy } from './index.ts';
import { openRights } from './rights.ts';
import { addRoutes } from './routes.ts';
import { openViews } from './sight/view.ts';

export default defineModule({
  provides: policy,
  title: { zh: '权限', en: 'Rights' },
  plan: {},
  uses: [],
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
  setup: ({ manifests, config }) => {
    const isEmergency = () => false;
    const rights = openRights({ manifests, isEmergency });
    const views = openViews(rights, manifests, isEmergency);
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
      routes: (app) => addRoutes(app, { rights }),
      doors: {
        '/access/v1': (app) => addAuthzen(app, openPoint(rights, subjects, things)),
        '/.well-known': (app) => addAuthzenMetadata(app, config.publicUrl),
      },
    };
  },
});
