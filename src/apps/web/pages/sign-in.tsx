import { Button, Input } from 'antd';
import { useId, useState, type FormEvent } from 'react';
import {
  ErrorState,
  PageFrame,
  paths,
  Problem,
  useGo,
  usePageQuery,
  useRefresh,
  useSend,
  useToast,
} from '#platform/ui/web';
import { useMe } from '../api.ts';
import { houseWords } from '../words.ts';
import { ownPath } from './own-path.ts';
import './pages.css';

/** Sign in with name and password, then back to where one came from. */
export function SignIn() {
  const say = houseWords.useText();
  const id = useId();
  const go = useGo();
  const toast = useToast();
  const refresh = useRefresh();
  const me = useMe();
  const [query] = usePageQuery();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const send = useSend();
  const wrong = send.error instanceof Problem && send.error.status === 401;
  const signedIn = me.data?.actor.kind === 'person' ? me.data.actor.name : undefined;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!name || !password) return;
    send.mutate(
      { method: 'POST', path: paths.api.sessions(), body: { name, password } },
      {
        onSuccess: async () => {
          await refresh('/');
          toast.done(say('signedIn', { name }));
          go(ownPath(query['after']), { replace: true });
        },
      },
    );
  };

  return (
    <PageFrame title={say('signInTitle')} about={say('signInAbout')}>
      <form className="sj-card sj-sign-in" onSubmit={submit} noValidate>
        {signedIn && <output>{say('already', { name: signedIn })}</output>}
        <label htmlFor={`${id}n`}>{say('name')}</label>
        <Input
          id={`${id}n`}
          size="large"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <label htmlFor={`${id}p`}>{say('password')}</label>
        <Input.Password
          id={`${id}p`}
          size="large"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <div aria-live="assertive" className="sj-sign-in-error">
          {tried && (!name || !password) && say('signInNeeded')}
          {wrong && say('signInWrong')}
        </div>
        {send.error && !wrong && <ErrorState error={send.error} />}
        <Button type="primary" size="large" htmlType="submit" loading={send.isPending}>
          {say('signIn')}
        </Button>
      </form>
    </PageFrame>
  );
}
