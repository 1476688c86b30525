import { Button, Input } from 'antd';
import { useId, useState, type FormEvent } from 'react';
import { CodeBlock, ErrorState, useApi, useSend } from '#platform/ui/web';
import { at } from '../api.ts';
import { EndButton, Section } from '../parts.tsx';
import { identityWords } from '../words.ts';

type Offer = { secret: string; uri: string };

/** The second step of signing in: turned on by a first code, off by who came with it. */
export function Authenticator() {
  const say = identityWords.useText();
  const id = useId();
  const state = useApi<{ on: boolean }>(at.authenticator).data;
  const [code, setCode] = useState('');
  const offer = useSend<Offer>();
  const confirm = useSend<{ codes: string[] }>({ touches: [at.authenticator] });
  const remove = useSend({ touches: [at.authenticator] });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate(
      { method: 'PUT', path: at.authenticator, body: { code: code.trim() } },
      { onSuccess: () => setCode('') },
    );
  };
  const codes = confirm.data?.codes;

  return (
    <Section id="authenticator" title={say('authenticator')}>
      {codes && (
        <>
          <p>{say('authenticatorCodes')}</p>
          <ul className="sj-id-codes">
            {codes.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
          <Button onClick={() => confirm.reset()}>{say('authenticatorSaved')}</Button>
        </>
      )}
      {!codes && state?.on && (
        <>
          <p>{say('authenticatorOn')}</p>
          {remove.error && <ErrorState error={remove.error} />}
          <EndButton
            text={say('authenticatorRemove')}
            label={say('authenticatorRemove')}
            onEnd={() => remove.mutate({ method: 'DELETE', path: at.authenticator })}
          />
        </>
      )}
      {!codes && state?.on === false && !offer.data && (
        <>
          <p>{say('authenticatorOff')}</p>
          {offer.error && <ErrorState error={offer.error} />}
          <Button
            loading={offer.isPending}
            onClick={() => offer.mutate({ method: 'POST', path: at.authenticator, body: {} })}
          >
            {say('authenticatorStart')}
          </Button>
        </>
      )}
      {!codes && state?.on === false && offer.data && (
        <form className="sj-id-form" onSubmit={submit}>
          <p>{say('authenticatorScan')}</p>
          <CodeBlock code={offer.data.secret} label={say('authenticatorKey')} />
          <label htmlFor={id}>{say('code')}</label>
          <Input
            id={id}
            autoComplete="one-time-code"
            inputMode="numeric"
            maxLength={6}
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
          {confirm.error && <ErrorState error={confirm.error} />}
          <Button type="primary" htmlType="submit" loading={confirm.isPending}>
            {say('authenticatorConfirm')}
          </Button>
        </form>
      )}
    </Section>
  );
}
