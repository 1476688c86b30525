import { startRegistration } from '@simplewebauthn/browser';
import { Button, Input } from 'antd';
import { useState } from 'react';
import {
  formatTime,
  Problem,
  request,
  useApi,
  useLanguage,
  useRefresh,
  useSend,
  useToast,
} from '#platform/ui/web';
import { at, type Items, type Passkey } from '../api.ts';
import { EndButton, Section } from '../parts.tsx';
import { identityWords } from '../words.ts';

type Offer = { step: string; options: never };
const NAME_CHARACTERS_MAX = 100;

/** The passkeys one signs in with. */
export function Passkeys() {
  const say = identityWords.useText();
  const language = useLanguage();
  const toast = useToast();
  const refresh = useRefresh();
  const keys = useApi<Items<Passkey>>(at.passkeys).data?.items;
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const remove = useSend({ touches: [at.passkeys], onDone: () => toast.done(say('removed')) });

  const add = async () => {
    setBusy(true);
    setFault(undefined);
    try {
      const offer = await request<Offer>(at.passkeyOffers, { method: 'POST', body: {} });
      const response = await startRegistration({ optionsJSON: offer.options });
      const body = { step: offer.step, name: name.trim() || say('passkeys'), response };
      await request(at.passkeys, { method: 'POST', body });
      setName('');
      toast.done(say('passkeyAdded'));
      await refresh(at.passkeys);
    } catch (error) {
      setFault(error instanceof Problem ? error.message : say('passkeyFailed'));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Section id="passkeys" title={say('passkeys')} about={say('passkeysAbout')}>
      {keys?.length === 0 && <p>{say('passkeysNone')}</p>}
      <ul className="sj-id-list">
        {keys?.map((key) => (
          <li key={key.id}>
            <div>
              {key.name}
              <div className="sj-soft">
                {say(key.synced ? 'passkeySynced' : 'passkeyHere')} ·{' '}
                {key.lastUsedAt
                  ? say('lastUsed', { time: formatTime(key.lastUsedAt, language) })
                  : say('neverUsed')}
              </div>
            </div>
            <EndButton
              text={say('remove')}
              label={say('removeIt', { name: key.name })}
              onEnd={() => remove.mutate({ method: 'DELETE', path: at.passkey(key.id) })}
            />
          </li>
        ))}
      </ul>
      <div className="sj-id-tools">
        <Input
          aria-label={say('passkeyName')}
          placeholder={say('passkeyName')}
          maxLength={NAME_CHARACTERS_MAX}
          style={{ flex: '1 1 180px', width: 'auto' }}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button loading={busy} onClick={() => void add()}>
          {say('passkeyAdd')}
        </Button>
      </div>
      <div aria-live="polite" className="sj-id-error">
        {fault}
      </div>
    </Section>
  );
}
