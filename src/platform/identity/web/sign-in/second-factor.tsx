import { Button, Input } from 'antd';
import { useId, useState, type FormEvent } from 'react';
import { ErrorState, PageFrame, Problem, useSend } from '#platform/ui/web';
import { at, type Me } from '../api.ts';
import { identityWords } from '../words.ts';
import { useArrival } from './use-arrival.ts';

/** The digits of the authenticator, or one of the codes for when it is not there. */
export function SecondFactor({ step, onOver }: { step: string; onOver: () => void }) {
  const say = identityWords.useText();
  const id = useId();
  const arrive = useArrival();
  const [code, setCode] = useState('');
  const send = useSend<Me>();
  const wrong = send.error instanceof Problem && send.error.status === 401;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { step, code: code.trim() };
    send.mutate(
      { method: 'POST', path: at.secondFactors, body },
      { onSuccess: (me) => void arrive(me.actor.name) },
    );
  };

  return (
    <PageFrame title={say('secondTitle')} about={say('secondAbout')}>
      <form className="sj-card sj-id-form sj-id-narrow" onSubmit={submit} noValidate>
        <label htmlFor={id}>{say('code')}</label>
        <Input
          id={id}
          size="large"
          autoComplete="one-time-code"
          inputMode="text"
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
        <div aria-live="assertive" className="sj-id-error">
          {wrong && say('codeWrong')}
        </div>
        {send.error && !wrong && <ErrorState error={send.error} />}
        <Button
          type="primary"
          size="large"
          htmlType="submit"
          loading={send.isPending}
          disabled={code.trim().length < 6}
        >
          {say('goOn')}
        </Button>
        <Button type="text" onClick={onOver}>
          {say('cancel')}
        </Button>
      </form>
    </PageFrame>
  );
}
