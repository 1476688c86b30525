import {
  Empty,
  PageFrame,
  PageLink,
  paths,
  SchemaForm,
  useGo,
  useSend,
  useToast,
  type FormSchema,
} from '#platform/ui/web';
import { useMe } from '../api.ts';
import { houseWords } from '../words.ts';
import './pages.css';

const PASSWORD_CHARACTERS = { minLength: 12, maxLength: 512 };
const { zh, en } = houseWords;

const PASSWORDS: FormSchema = {
  type: 'object',
  required: ['current', 'next'],
  properties: {
    current: {
      type: 'string',
      format: 'password',
      'x-label': { zh: zh.passwordNow, en: en.passwordNow },
    },
    next: {
      type: 'string',
      format: 'password',
      ...PASSWORD_CHARACTERS,
      'x-label': { zh: zh.passwordNext, en: en.passwordNext },
      'x-hint': { zh: zh.passwordHint, en: en.passwordHint },
    },
  },
};

/** Who one is here, and one's password. */
export function Account() {
  const say = houseWords.useText();
  const go = useGo();
  const toast = useToast();
  const actor = useMe().data?.actor;
  const change = useSend();
  if (actor && actor.kind !== 'person') {
    return (
      <PageFrame title={say('account')}>
        <Empty
          title={say('anonymous')}
          action={<PageLink to={paths.signIn(paths.account())}>{say('signIn')}</PageLink>}
        />
      </PageFrame>
    );
  }
  return (
    <PageFrame
      title={actor?.name ?? say('account')}
      about={actor && say('roles', { roles: actor.roles.join(', ') || '–' })}
    >
      <section className="sj-card" aria-labelledby="password">
        <h2 id="password">{say('passwordChange')}</h2>
        <SchemaForm
          schema={PASSWORDS}
          submit={say('passwordChange')}
          onSubmit={async (body) => {
            await change.mutateAsync({ method: 'PUT', path: paths.api.password(), body });
            toast.done(say('passwordChanged'));
            go(paths.home());
          }}
        />
      </section>
    </PageFrame>
  );
}
