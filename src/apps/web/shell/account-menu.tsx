import UserOutlined from '@ant-design/icons/UserOutlined';
import { Button, Dropdown } from 'antd';
import { paths, useGo, usePath, useRefresh, useSend, useToast } from '#platform/ui/web';
import { useMe } from '../api.ts';
import { houseWords } from '../words.ts';

/** Who is here: sign in, or name, roles and sign out. */
export function AccountMenu() {
  const say = houseWords.useText();
  const go = useGo();
  const path = usePath();
  const toast = useToast();
  const refresh = useRefresh();
  const actor = useMe().data?.actor;
  const leave = useSend({
    onDone: () => {
      toast.done(say('signedOut'));
      void refresh('/'); // what a person may see has changed everywhere
    },
  });

  if (actor?.kind !== 'person') {
    return (
      <Button
        type="text"
        className="sj-tool sj-account"
        icon={<UserOutlined />}
        aria-label={say('signIn')}
        onClick={() => go(paths.signIn(path.startsWith('/sign-in') ? undefined : path))}
      >
        <span className="sj-wide">{say('signIn')}</span>
      </Button>
    );
  }
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          {
            key: 'roles',
            disabled: true,
            label: say('roles', { roles: actor.roles.join(', ') || '–' }),
          },
          { type: 'divider' },
          { key: 'account', label: say('account') },
          { key: 'leave', label: say('signOut') },
        ],
        onClick: ({ key }) => {
          if (key === 'account') go(paths.account());
          if (key !== 'leave') return;
          leave.mutate(
            { method: 'DELETE', path: paths.api.currentSession() },
            { onError: toast.failed },
          );
        },
      }}
    >
      <Button
        type="text"
        className="sj-tool sj-account"
        icon={<UserOutlined />}
        aria-label={`${say('account')}: ${actor.name}`}
        aria-haspopup="menu"
      >
        <span className="sj-wide">{actor.name}</span>
      </Button>
    </Dropdown>
  );
}
