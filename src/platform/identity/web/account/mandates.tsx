import { Button } from 'antd';
import { useState } from 'react';
import {
  formatTime,
  SchemaForm,
  StatusTag,
  useApi,
  useLanguage,
  usePick,
  useSend,
  useToast,
  type FormSchema,
} from '#platform/ui/web';
import { at, type Items, type Mandate } from '../api.ts';
import { EndButton, Section } from '../parts.tsx';
import { both, identityWords } from '../words.ts';

const MANDATE: FormSchema = {
  type: 'object',
  required: ['agent', 'scopes', 'until'],
  properties: {
    agent: { type: 'string', maxLength: 100, 'x-label': both('mandateAgent') },
    scopes: {
      type: 'string',
      pattern: '^[a-z0-9.-]+( [a-z0-9.-]+)*$',
      maxLength: 1000,
      'x-label': both('mandateScopes'),
      'x-hint': both('mandateScopesHint'),
    },
    until: { type: 'string', format: 'date', 'x-label': both('mandateUntil') },
    note: { type: 'string', maxLength: 500, 'x-label': both('mandateNote') },
  },
};

/** Who may act for one, and for whom one may act. */
export function Mandates() {
  const say = identityWords.useText();
  const pick = usePick();
  const language = useLanguage();
  const toast = useToast();
  const [giving, setGiving] = useState(false);
  const mandates = useApi<Items<Mandate>>(at.mandates).data?.items;
  const give = useSend({ touches: [at.mandates] });
  const end = useSend({ touches: [at.mandates], onDone: () => toast.done(say('mandateEnded')) });

  return (
    <Section id="mandates" title={say('mandates')} about={say('mandatesAbout')}>
      {mandates?.length === 0 && <p>{say('mandatesNone')}</p>}
      <ul className="sj-id-list">
        {mandates?.map((mandate) => {
          const name =
            mandate.mine === 'given'
              ? say('mandateTo', { name: mandate.agent.name })
              : say('mandateFor', { name: pick(mandate.principal.name) });
          return (
            <li key={mandate.id}>
              <div>
                {name}{' '}
                {!mandate.inForce && <StatusTag tone="quiet">{say('mandateOver')}</StatusTag>}
                <div className="sj-soft">
                  {mandate.scopes.join(', ')} ·{' '}
                  {say('until', { time: formatTime(mandate.until, language) })}
                </div>
                {mandate.note && <div className="sj-soft">{mandate.note}</div>}
              </div>
              {mandate.inForce && (
                <EndButton
                  text={say('mandateEnd')}
                  label={say('mandateEndIt', { name })}
                  onEnd={() => end.mutate({ method: 'DELETE', path: at.mandate(mandate.id) })}
                />
              )}
            </li>
          );
        })}
      </ul>
      {giving ? (
        <SchemaForm
          schema={MANDATE}
          submit={say('mandateGive')}
          onCancel={() => setGiving(false)}
          onSubmit={async ({ agent, scopes, until, note = '' }) => {
            const body = {
              agent,
              scopes: String(scopes).split(' '),
              until: new Date(`${String(until)}T23:59:59`).toISOString(),
              note,
            };
            await give.mutateAsync({ method: 'POST', path: at.mandates, body });
            toast.done(say('mandateGiven'));
            setGiving(false);
          }}
        />
      ) : (
        <Button onClick={() => setGiving(true)}>{say('mandateGive')}</Button>
      )}
    </Section>
  );
}
