import { defineModule } from '#kernel/module';
import { registers } from '#platform/registers';
import { programme, type Programme } from './index.ts';
import { stateOfPlan } from './plan.ts';
import { addRoutes } from './routes.ts';

export default defineModule({
  provides: programme,
  title: { zh: '规划实施', en: 'The programme' },
  uses: [registers],
  plan: { G25: 'part' },
  actions: {
    'programme.read': {
      title: {
        zh: '查看规划条目、实现状态与目标',
        en: 'See the plan, what of it is real, and its targets',
      },
      grant: ['anyone'],
    },
  },
  events: {},
  setup: ({ manifests }, apis) => {
    const claims = manifests.map((m) => ({ module: m.provides.id, plan: m.plan }));
    const groups = stateOfPlan(apis.registers.plan(), apis.registers.targets(), claims);
    const api: Programme = { plan: () => groups };
    return { api, routes: (app) => addRoutes(app, api, apis.registers) };
  },
});
