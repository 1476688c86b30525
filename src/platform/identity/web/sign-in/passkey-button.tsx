import { startAuthentication } from '@simplewebauthn/browser';
import { Button } from 'antd';
import { useState } from 'react';
import { Problem, request } from '#platform/ui/web';
import { at, type Me } from '../api.ts';
import { identityWords } from '../words.ts';
import { useArrival } from './use-arrival.ts';

type Question = { step: string; options: never };

/** Signs in with a passkey: the browser asks which one. */
export function PasskeyButton() {
  const say = identityWords.useText();
  const arrive = useArrival();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();

  const signIn = async () => {
    setBusy(true);
    setFault(undefined);
    try {
      const { step, options } = await request<Question>(at.passkeyQuestions, {
        method: 'POST',
        body: {},
      });
      const response = await startAuthentication({ optionsJSON: options });
      const body = { step, response };
      const me = await request<Me>(at.passkeySessions, { method: 'POST', body });
      await arrive(me.actor.name);
    } catch (error) {
      // Whoever closes the browser's question has done nothing wrong.
      setFault(error instanceof Problem ? error.message : say('passkeyFailed'));
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <Button size="large" loading={busy} onClick={() => void signIn()}>
        {say('withPasskey')}
      </Button>
      <div aria-live="polite" className="sj-id-error">
        {fault}
      </div>
    </>
  );
}
