import { defineModule } from '#kernel/module';
import { GrantedActions, OwnActions } from './contract.ts';
import { policy } from './index.ts';
import { openRights } from './rights.ts';

const TAGS = ['policy'];

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
  },
  events: {},
  setup: ({ manifests }) => {
    const { actions, allows, decide } = openRights({ manifests, isEmergency: () => false });
    return {
      api: { allows, decide },
      routes: (app) => {
        app.get(
          '/me',
          {
            config: { action: 'policy.see-own-rights' },
            schema: { tags: TAGS, response: { 200: OwnActions } },
          },
          async ({ actor }) => ({
            actions: actions.map(({ id }) => id).filter((id) => allows(actor, id)),
          }),
        );
        app.get(
          '/actions',
          {
            config: { action: 'policy.see-rights' },
            schema: { tags: TAGS, response: { 200: GrantedActions } },
          },
          async () => ({ items: actions }),
        );
      },
    };
  },
});
