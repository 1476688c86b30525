import { Button } from 'antd';
import { useState } from 'react';
import {
  ErrorState,
  SchemaForm,
  useApi,
  usePick,
  useSend,
  useToast,
  type FormSchema,
  type FormValue,
} from '#platform/ui/web';
import { at, type Application, type Items } from '../api.ts';
import { EndButton, SecretOnce } from '../parts.tsx';
import { both, identityWords } from '../words.ts';

const DISCOVERY = '/oidc/.well-known/openid-configuration';

const APPLICATION: FormSchema = {
  type: 'object',
  required: ['zh', 'en', 'kind'],
  properties: {
    zh: { type: 'string', minLength: 1, maxLength: 100, 'x-label': both('applicationZh') },
    en: { type: 'string', minLength: 1, maxLength: 100, 'x-label': both('applicationEn') },
    kind: {
      type: 'string',
      enum: ['web', 'public', 'service', 'kiosk'],
      default: 'web',
      'x-choices': {
        web: both('kind_web'),
        public: both('kind_public'),
        service: both('kind_service'),
        kiosk: both('kind_kiosk'),
      },
      'x-label': both('applicationKind'),
    },
    back: {
      type: 'string',
      maxLength: 500,
      'x-label': both('applicationBack'),
      'x-hint': both('applicationBackHint'),
    },
    scopes: {
      type: 'string',
      maxLength: 1000,
      pattern: '^[a-z0-9.-]+( [a-z0-9.-]+)*$',
      'x-label': both('applicationScopes'),
      'x-hint': both('mandateScopesHint'),
    },
  },
};

const toApplication = (form: FormValue) => ({
  name: { zh: form['zh'], en: form['en'] },
  kind: form['kind'],
  redirects: form['back'] ? [form['back']] : [],
  logouts: [],
  scopes: form['scopes'] ? String(form['scopes']).split(' ') : [],
  roles: [],
});

/** Applications that one registered: to be added, given a new secret, and ended. */
export function Applications() {
  const say = identityWords.useText();
  const pick = usePick();
  const toast = useToast();
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string>();
  const applications = useApi<Items<Application>>(at.applications);
  const add = useSend<Application & { secret: string | null }>({ touches: [at.applications] });
  const renew = useSend<{ secret: string }>({ onDone: (made) => setSecret(made.secret) });
  const end = useSend({
    touches: [at.applications],
    onDone: () => toast.done(say('applicationEnded')),
  });
  const kinds: Readonly<Record<string, string>> = {
    web: say('kind_web'),
    public: say('kind_public'),
    service: say('kind_service'),
    kiosk: say('kind_kiosk'),
  };
  const fault = applications.error ?? renew.error ?? end.error;
  return (
    <>
      {fault && <ErrorState error={fault} />}
      {applications.data?.items.length === 0 && <p>{say('applicationsNone')}</p>}
      <ul className="sj-id-list">
        {applications.data?.items.map((one) => {
          const name = pick(one.name);
          return (
            <li key={one.id}>
              <div>
                {name}
                <div className="sj-soft">
                  {kinds[one.kind]} · {one.scopes.join(', ') || say('none')}
                </div>
                <div className="sj-soft">
                  {say('clientId')}: <code>{one.id}</code>
                </div>
              </div>
              <div className="sj-id-tools">
                {one.method === 'client_secret_basic' && (
                  <EndButton
                    text={say('applicationRenew')}
                    label={say('applicationRenewIt', { name })}
                    onEnd={() =>
                      renew.mutate({
                        method: 'POST',
                        path: at.applicationSecrets(one.id),
                        body: {},
                      })
                    }
                  />
                )}
                <EndButton
                  text={say('applicationEnd')}
                  label={say('applicationEndIt', { name })}
                  onEnd={() => end.mutate({ method: 'DELETE', path: at.application(one.id) })}
                />
              </div>
            </li>
          );
        })}
      </ul>
      <p className="sj-soft">
        {say('discovery')}: <a href={DISCOVERY}>{DISCOVERY}</a>
      </p>
      {adding ? (
        <SchemaForm
          schema={APPLICATION}
          submit={say('applicationAdd')}
          onCancel={() => setAdding(false)}
          onSubmit={async (form) => {
            const body = toApplication(form);
            const made = await add.mutateAsync({ method: 'POST', path: at.applications, body });
            toast.done(say('applicationAdded'));
            setAdding(false);
            if (made.secret !== null) setSecret(made.secret);
          }}
        />
      ) : (
        <Button onClick={() => setAdding(true)}>{say('applicationAdd')}</Button>
      )}
      <SecretOnce
        title={say('secret')}
        about={say('secretOnce')}
        secret={secret}
        onClose={() => setSecret(undefined)}
      />
    </>
  );
}
