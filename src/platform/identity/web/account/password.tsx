import { SchemaForm, useRefresh, useSend, useToast, type FormSchema } from '#platform/ui/web';
import { useState } from 'react';
import { at } from '../api.ts';
import { Section } from '../parts.tsx';
import { identityWords } from '../words.ts';

const { zh, en } = identityWords;

const PASSWORDS: FormSchema = {
  type: 'object',
  required: ['current', 'next'],
  properties: {
    current: {
      type: 'string',
      format: 'password',
      'x-label': { zh: zh.passwordNow, en: en.passwordNow },
    },
    next: {
      type: 'string',
      format: 'password',
      minLength: 12,
      maxLength: 512,
      'x-label': { zh: zh.passwordNext, en: en.passwordNext },
      'x-hint': { zh: zh.passwordHint, en: en.passwordHint },
    },
  },
};

/** A new password; it ends every other session. */
export function Password() {
  const say = identityWords.useText();
  const toast = useToast();
  const refresh = useRefresh();
  const [times, setTimes] = useState(0);
  const change = useSend();
  return (
    <Section id="password" title={say('passwordChange')}>
      <SchemaForm
        key={times}
        schema={PASSWORDS}
        submit={say('passwordChange')}
        onSubmit={async (body) => {
          await change.mutateAsync({ method: 'PUT', path: at.password, body });
          toast.done(say('passwordChanged'));
          setTimes(times + 1);
          await refresh(at.sessions);
        }}
      />
    </Section>
  );
}
