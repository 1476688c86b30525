import { Button, Input } from 'antd';
import { useId, useState, type FormEvent } from 'react';
import { PageFrame, useLanguage } from '#platform/ui/web';
import { identityWords } from '../words.ts';
import '../identity.css';
import { sendStep } from './step.ts';
import { useFacts } from './use-facts.ts';

const DEVICE = '/oidc/device';

/** Connects a device without a keyboard: its code is typed here, and then looked at once more. */
export function DevicePage() {
  const say = identityWords.useText();
  const language = useLanguage();
  const id = useId();
  const facts = useFacts();
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const xsrf = facts.get('xsrf');
  const code = facts.get('code');
  const name = (language === 'zh-CN' && facts.get('zh')) || facts.get('application') || '';

  const send = async (fields: Readonly<Record<string, string>>) => {
    setBusy(true);
    try {
      window.location.assign(await sendStep(DEVICE, { xsrf: xsrf ?? '', ...fields }));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send({ user_code: typed });
  };

  return (
    <PageFrame title={say('deviceTitle')} about={!xsrf || code ? undefined : say('deviceAbout')}>
      <section className="sj-card sj-id-narrow">
        {facts.get('done') && <output>{say('deviceDone')}</output>}
        {!xsrf && !facts.get('done') && <a href={DEVICE}>{say('deviceStart')}</a>}
        {xsrf && !code && (
          <form className="sj-id-form" onSubmit={submit}>
            <label htmlFor={id}>{say('deviceCode')}</label>
            <Input
              id={id}
              size="large"
              className="sj-id-code"
              autoComplete="off"
              autoCapitalize="characters"
              maxLength={20}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
            <div aria-live="assertive" className="sj-id-error">
              {facts.get('problem') && say('deviceWrong')}
            </div>
            <Button type="primary" size="large" htmlType="submit" loading={busy} disabled={!typed}>
              {say('goOn')}
            </Button>
          </form>
        )}
        {xsrf && code && (
          <>
            <p>{say('deviceIs', { name })}</p>
            <output className="sj-id-code">{code}</output>
            <div className="sj-id-tools">
              <Button
                type="primary"
                loading={busy}
                onClick={() => void send({ user_code: code, confirm: 'yes' })}
              >
                {say('deviceYes')}
              </Button>
              <Button disabled={busy} onClick={() => void send({ user_code: code, abort: 'yes' })}>
                {say('deviceNo')}
              </Button>
            </div>
          </>
        )}
      </section>
    </PageFrame>
  );
}
