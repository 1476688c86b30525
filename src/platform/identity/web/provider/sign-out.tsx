import { Button } from 'antd';
import { useState } from 'react';
import { PageFrame, PageLink, paths, request, useGo, useRefresh } from '#platform/ui/web';
import { at } from '../api.ts';
import { identityWords } from '../words.ts';
import '../identity.css';
import { sendStep } from './step.ts';
import { useFacts } from './use-facts.ts';

/** Signs out of the house and of what was entered through it, where an application asks. */
export function SignOut() {
  const say = identityWords.useText();
  const go = useGo();
  const refresh = useRefresh();
  const facts = useFacts();
  const [busy, setBusy] = useState(false);
  const xsrf = facts.get('xsrf');
  const application = facts.get('application');

  const leave = async () => {
    setBusy(true);
    try {
      await request(at.current, { method: 'DELETE' });
      const fields = { xsrf: xsrf ?? '', logout: 'yes' };
      window.location.assign(await sendStep('/oidc/session/end/confirm', fields));
      await refresh('/');
    } finally {
      setBusy(false);
    }
  };

  return (
    <PageFrame title={say('signOutTitle')}>
      <section className="sj-card sj-id-narrow">
        {xsrf ? (
          <>
            {application && <p>{say('signOutFrom', { name: application })}</p>}
            <p>{say('signOutAsk')}</p>
            <div className="sj-id-tools">
              <Button type="primary" loading={busy} onClick={() => void leave()}>
                {say('signOutYes')}
              </Button>
              <Button disabled={busy} onClick={() => go(paths.home())}>
                {say('signOutStay')}
              </Button>
            </div>
          </>
        ) : (
          <>
            <output>{say('signOutDone')}</output>
            <PageLink to={paths.home()}>{say('home')}</PageLink>
          </>
        )}
      </section>
    </PageFrame>
  );
}
