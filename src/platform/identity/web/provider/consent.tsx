import { Button } from 'antd';
import {
  ErrorState,
  Loading,
  PageFrame,
  useApi,
  usePageQuery,
  usePick,
  useSend,
  type Bilingual,
} from '#platform/ui/web';
import { at } from '../api.ts';
import { identityWords } from '../words.ts';
import '../identity.css';

type Asked = {
  application: { name: Bilingual };
  returnsTo: string | null;
  person: string | null;
  claims: string[];
  scopes: string[];
  offline: boolean;
};

/** An application asks a person to let it in. */
export function ConsentPage() {
  const say = identityWords.useText();
  const pick = usePick();
  const [query] = usePageQuery();
  const uid = query['request'] ?? '';
  const asked = useApi<Asked>(at.request(uid));
  const send = useSend<{ location: string }>();
  const answer = (consent: boolean) =>
    send.mutate(
      { method: 'POST', path: at.answers(uid), body: { consent } },
      { onSuccess: ({ location }) => window.location.assign(location) },
    );
  const claims: Readonly<Record<string, string>> = {
    openid: say('claim_openid'),
    profile: say('claim_profile'),
    bodies: say('claim_bodies'),
  };
  const { data } = asked;
  return (
    <PageFrame title={say('consentTitle')}>
      <section className="sj-card sj-id-narrow">
        {asked.error && <ErrorState error={asked.error} />}
        {asked.isPending && <Loading />}
        {data && (
          <>
            <h2>{say('consentAsks', { name: pick(data.application.name) })}</h2>
            {data.person && <p>{say('consentYou', { name: data.person })}</p>}
            {data.claims.length > 0 && (
              <div>
                <strong>{say('consentLearns')}</strong>
                <ul>
                  {data.claims.map((claim) => (
                    <li key={claim}>{claims[claim] ?? claim}</li>
                  ))}
                </ul>
              </div>
            )}
            {(data.scopes.length > 0 || data.offline) && (
              <div>
                <strong>{say('consentDoes')}</strong>
                <ul>
                  {data.scopes.map((scope) => (
                    <li key={scope}>
                      <code>{scope}</code>
                    </li>
                  ))}
                  {data.offline && <li>{say('consentOffline')}</li>}
                </ul>
              </div>
            )}
            {data.returnsTo && (
              <p className="sj-soft">{say('consentTo', { host: data.returnsTo })}</p>
            )}
            {send.error && <ErrorState error={send.error} />}
            <div className="sj-id-tools">
              <Button type="primary" loading={send.isPending} onClick={() => answer(true)}>
                {say('consentYes')}
              </Button>
              <Button disabled={send.isPending} onClick={() => answer(false)}>
                {say('consentNo')}
              </Button>
            </div>
          </>
        )}
      </section>
    </PageFrame>
  );
}
