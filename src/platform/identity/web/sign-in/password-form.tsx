import { Button, Input } from 'antd';
import { useId, useState, type FormEvent } from 'react';
import { ErrorState, Problem, useSend } from '#platform/ui/web';
import { at, type Me } from '../api.ts';
import { identityWords } from '../words.ts';
import { useArrival } from './use-arrival.ts';

/** Name and password; `onStep` is told where a second factor is asked for. */
export function PasswordForm({ onStep }: { onStep: (step: string) => void }) {
  const say = identityWords.useText();
  const id = useId();
  const arrive = useArrival();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const send = useSend<Me | { step: string }>();
  const wrong = send.error instanceof Problem && send.error.status === 401;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!name || !password) return;
    send.mutate(
      { method: 'POST', path: at.sessions, body: { name, password } },
      {
        onSuccess: (answer) =>
          'step' in answer ? onStep(answer.step) : void arrive(answer.actor.name),
      },
    );
  };

  return (
    <form className="sj-id-form" onSubmit={submit} noValidate>
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
      <div aria-live="assertive" className="sj-id-error">
        {tried && (!name || !password) && say('signInNeeded')}
        {wrong && say('signInWrong')}
      </div>
      {send.error && !wrong && <ErrorState error={send.error} />}
      <Button type="primary" size="large" htmlType="submit" loading={send.isPending}>
        {say('signIn')}
      </Button>
    </form>
  );
}
