import { PageFrame, SchemaForm, useGo, useSend, useToast, type FormSchema } from '#platform/ui/web';
import { at } from '../api.ts';
import { identityWords } from '../words.ts';
import '../identity.css';

const { zh, en } = identityWords;

const RECOVERY: FormSchema = {
  type: 'object',
  required: ['name', 'code', 'next'],
  properties: {
    name: { type: 'string', maxLength: 100, 'x-label': { zh: zh.name, en: en.name } },
    code: {
      type: 'string',
      minLength: 6,
      maxLength: 40,
      'x-label': { zh: zh.recoverCode, en: en.recoverCode },
    },
    next: {
      type: 'string',
      format: 'password',
      minLength: 12,
      maxLength: 512,
      'x-label': { zh: zh.recoverNext, en: en.recoverNext },
      'x-hint': { zh: zh.passwordHint, en: en.passwordHint },
    },
  },
};

/** The way in for who has no password yet, or lost it, with the code that an official gave. */
export function Recover() {
  const say = identityWords.useText();
  const go = useGo();
  const toast = useToast();
  const send = useSend();
  return (
    <PageFrame title={say('recoverTitle')} about={say('recoverAbout')}>
      <section className="sj-card sj-id-narrow">
        <SchemaForm
          schema={RECOVERY}
          submit={say('recoverDo')}
          onSubmit={async (body) => {
            await send.mutateAsync({ method: 'POST', path: at.recoveries, body });
            toast.done(say('recovered'));
            go('/sign-in');
          }}
        />
      </section>
    </PageFrame>
  );
}
