import { formatTime, useApi, useLanguage, usePick, useSend, useToast } from '#platform/ui/web';
import { at, type Consent, type Items } from '../api.ts';
import { EndButton, Section } from '../parts.tsx';
import { identityWords } from '../words.ts';

/** Applications that one let in, with what they may do. */
export function Consents() {
  const say = identityWords.useText();
  const pick = usePick();
  const language = useLanguage();
  const toast = useToast();
  const consents = useApi<Items<Consent>>(at.consents).data?.items;
  const end = useSend({ touches: [at.consents], onDone: () => toast.done(say('consentEnded')) });
  return (
    <Section id="consents" title={say('consents')}>
      {consents?.length === 0 && <p>{say('consentsNone')}</p>}
      <ul className="sj-id-list">
        {consents?.map((consent) => {
          const name = pick(consent.application.name);
          return (
            <li key={consent.id}>
              <div>
                {name}
                <div className="sj-soft">
                  {consent.scopes.join(', ')} ·{' '}
                  {say('since', { time: formatTime(consent.givenAt, language) })}
                </div>
              </div>
              <EndButton
                text={say('consentEnd')}
                label={say('consentEndIt', { name })}
                onEnd={() => end.mutate({ method: 'DELETE', path: at.consent(consent.id) })}
              />
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
