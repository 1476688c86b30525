import { useState } from 'react';
import { SchemaForm, useApi, useSend, type FormSchema, type FormValue } from '#platform/ui/web';
import { api, type Action, type Answer } from './api.ts';
import { PolicyCard } from './policy-text.tsx';
import { en } from './words.en.ts';
import { rightsWords } from './words.ts';
import { zh } from './words.zh.ts';

const label = (key: keyof typeof zh) => ({ zh: zh[key], en: en[key] });
const choices = (keys: readonly (keyof typeof zh)[], cut = '') =>
  Object.fromEntries(keys.map((key) => [key.slice(cut.length), label(key)]));

const KINDS = ['anonymous', 'person', 'application', 'device'] as const;
const ASSURANCES = [
  'assurance-anonymous',
  'assurance-contact',
  'assurance-real-name',
  'assurance-staff',
] as const;
const PURPOSES = [
  'purpose-service',
  'purpose-care',
  'purpose-emergency',
  'purpose-supervision',
  'purpose-maintenance',
  'purpose-statistics',
] as const;
const ROLES = ['person', 'developer', 'device', 'operator', 'administrator'];

const text = (key: keyof typeof zh, hint?: keyof typeof zh): FormSchema => ({
  type: 'string',
  'x-label': label(key),
  ...(hint ? { 'x-hint': label(hint) } : {}),
  maxLength: 100,
});

const formOf = (actions: readonly Action[]): FormSchema => ({
  type: 'object',
  required: ['kind', 'action'],
  properties: {
    kind: {
      enum: KINDS,
      default: 'person',
      'x-label': label('kind'),
      'x-choices': choices(KINDS),
    },
    id: text('id', 'idHint'),
    roles: {
      type: 'array',
      items: { enum: ROLES },
      'x-label': label('roles'),
    },
    assurance: {
      enum: ASSURANCES.map((key) => key.slice('assurance-'.length)),
      'x-label': label('assurance'),
      'x-choices': choices(ASSURANCES, 'assurance-'),
    },
    action: {
      enum: actions.map(({ id }) => id),
      'x-label': label('action'),
      'x-choices': Object.fromEntries(
        actions.map(({ id, title }) => [
          id,
          { zh: `${title.zh} · ${id}`, en: `${title.en} · ${id}` },
        ]),
      ),
    },
    purpose: {
      enum: PURPOSES.map((key) => key.slice('purpose-'.length)),
      'x-label': label('purpose'),
      'x-choices': choices(PURPOSES, 'purpose-'),
    },
    thing: text('thing', 'thingHint'),
    thingId: text('thingId'),
    owner: text('owner'),
  },
});

const questionOf = ({ kind, id, roles, assurance, action, purpose, ...rest }: FormValue) => {
  const { thing, thingId, owner } = rest;
  return {
    actor: {
      kind,
      ...(id ? { id } : {}),
      ...(roles ? { roles } : {}),
      ...(assurance ? { assurance } : {}),
    },
    action,
    ...(purpose ? { purpose } : {}),
    ...(thing
      ? {
          resource: {
            kind: thing,
            ...(thingId ? { id: thingId } : {}),
            ...(owner ? { owner } : {}),
          },
        }
      : {}),
  };
};

/** "Who can do this to that, and why." */
export function Ask() {
  const say = rightsWords.useText();
  const { data } = useApi<{ items: readonly Action[] }>(api.actions());
  const [answer, setAnswer] = useState<Answer>();
  const send = useSend<Answer>({ onDone: setAnswer });
  return (
    <div className="sj-rights-ask">
      <section className="sj-card">
        {data && (
          <SchemaForm
            schema={formOf(data.items)}
            submit={say('send')}
            onSubmit={async (value) => {
              await send.mutateAsync({
                method: 'POST',
                path: api.questions(),
                body: questionOf(value),
              });
            }}
          />
        )}
      </section>
      <section aria-live="polite">
        {answer && (
          <div className="sj-card">
            <h2 className="sj-rights-heading">{say(answer.allowed ? 'allowed' : 'denied')}</h2>
            {answer.because.length === 0 ? (
              <p>{say('nobodyPermits')}</p>
            ) : (
              <>
                <p className="sj-soft">{say('because')}</p>
                <ul className="sj-rights-list">
                  {answer.because.map((policy) => (
                    <PolicyCard key={policy.id} policy={policy} />
                  ))}
                </ul>
              </>
            )}
          </div>
        )}
      </section>
    </div>
  );
}
