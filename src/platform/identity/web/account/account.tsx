import { Empty, PageFrame, PageLink, paths, useApi } from '#platform/ui/web';
import { at, type Items, type Session, useMe, usePerson } from '../api.ts';
import { identityWords } from '../words.ts';
import '../identity.css';
import { Authenticator } from './authenticator.tsx';
import { Consents } from './consents.tsx';
import { Mandates } from './mandates.tsx';
import { Oneself } from './oneself.tsx';
import { Passkeys } from './passkeys.tsx';
import { Password } from './password.tsx';
import { Sessions } from './sessions.tsx';

/** Who one is here, how one signs in, where one is signed in, and whom one let in. */
export function Account() {
  const say = identityWords.useText();
  const known = useMe().data !== undefined;
  const person = usePerson();
  const sessions = useApi<Items<Session>>(at.sessions, { enabled: person !== undefined }).data;
  const isDemo = sessions?.items.some((s) => s.current && s.method === 'demonstration') ?? true;
  if (!person) {
    return (
      <PageFrame title={say('account')}>
        {known && (
          <Empty
            title={say('anonymous')}
            action={<PageLink to={paths.signIn(paths.account())}>{say('signIn')}</PageLink>}
          />
        )}
      </PageFrame>
    );
  }
  return (
    <PageFrame title={person.name}>
      <div className="sj-id-grid">
        <Oneself person={person} />
        <Sessions />
        <Passkeys />
        <Authenticator />
        <Consents />
        <Mandates />
        {!isDemo && <Password />}
      </div>
    </PageFrame>
  );
}
