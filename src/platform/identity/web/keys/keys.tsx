import { Button, Input } from 'antd';
import { useState } from 'react';
import {
  Empty,
  ErrorState,
  formatTime,
  PageFrame,
  PageLink,
  paths,
  useApi,
  useLanguage,
  useSend,
  useToast,
} from '#platform/ui/web';
import { at, type Items, type Token, useMe, usePerson } from '../api.ts';
import { EndButton, SecretOnce, Section } from '../parts.tsx';
import { identityWords } from '../words.ts';
import { Applications } from './applications.tsx';

const KEYS = '/developers/keys';

/** Trial keys for everybody who signed in, and the applications of developers. */
export function Keys() {
  const say = identityWords.useText();
  const person = usePerson();
  const roles = useMe().data?.actor.roles ?? [];
  const isDeveloper = roles.includes('developer') || roles.includes('administrator');
  return (
    <PageFrame title={say('keys')} about={say('keysAbout')}>
      <div className="sj-id-grid">
        {person ? (
          <TrialKeys />
        ) : (
          <section className="sj-card">
            <Empty
              title={say('keysSignIn')}
              action={<PageLink to={paths.signIn(KEYS)}>{say('signIn')}</PageLink>}
            />
          </section>
        )}
        <Section id="applications" title={say('applications')} about={say('applicationsAbout')}>
          {isDeveloper && <Applications />}
        </Section>
      </div>
    </PageFrame>
  );
}

function TrialKeys() {
  const say = identityWords.useText();
  const language = useLanguage();
  const toast = useToast();
  const [name, setName] = useState('');
  const keys = useApi<Items<Token>>(at.keys).data?.items;
  const take = useSend<Token & { secret: string }>({ touches: [at.keys] });
  const end = useSend({ touches: [at.keys], onDone: () => toast.done(say('keyEnded')) });
  return (
    <Section id="sandbox" title={say('sandbox')} about={say('sandboxAbout')}>
      {keys?.length === 0 && <p>{say('sandboxNone')}</p>}
      <ul className="sj-id-list">
        {keys?.map((key) => (
          <li key={key.id}>
            <div>
              {key.name}
              <div className="sj-soft">
                {say('until', { time: formatTime(key.expiresAt, language) })}
              </div>
            </div>
            <EndButton
              text={say('keyEnd')}
              label={say('keyEndIt', { name: key.name })}
              onEnd={() => end.mutate({ method: 'DELETE', path: at.key(key.id) })}
            />
          </li>
        ))}
      </ul>
      {take.error && <ErrorState error={take.error} />}
      <div className="sj-id-tools">
        <Input
          aria-label={say('sandboxName')}
          placeholder={say('sandboxName')}
          maxLength={100}
          style={{ flex: '1 1 180px', width: 'auto' }}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button
          type="primary"
          loading={take.isPending}
          disabled={name.trim() === ''}
          onClick={() =>
            take.mutate(
              { method: 'POST', path: at.keys, body: { name: name.trim() } },
              { onSuccess: () => setName('') },
            )
          }
        >
          {say('sandboxTake')}
        </Button>
      </div>
      <SecretOnce
        title={say('secret')}
        about={say('secretOnce')}
        secret={take.data?.secret}
        onClose={() => take.reset()}
      />
    </Section>
  );
}
