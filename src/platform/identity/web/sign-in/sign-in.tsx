import { useState } from 'react';
import { PageFrame, PageLink, usePageQuery } from '#platform/ui/web';
import { usePerson } from '../api.ts';
import { identityWords } from '../words.ts';
import '../identity.css';
import { DemoPeople } from './demo-people.tsx';
import { PasskeyButton } from './passkey-button.tsx';
import { PasswordForm } from './password-form.tsx';
import { SecondFactor } from './second-factor.tsx';

/** Sign in by password or passkey, then back to where one came from. */
export function SignIn() {
  const say = identityWords.useText();
  const person = usePerson();
  const [query] = usePageQuery();
  const [step, setStep] = useState<string>();
  if (step !== undefined) return <SecondFactor step={step} onOver={() => setStep(undefined)} />;
  return (
    <PageFrame title={say('signInTitle')} about={say('signInAbout')}>
      <div className="sj-id-enter">
        <section className="sj-card sj-id-form">
          {query['again'] === 'yes' && <output>{say('again')}</output>}
          {person && query['again'] !== 'yes' && (
            <output>{say('already', { name: person.name })}</output>
          )}
          <PasswordForm onStep={setStep} />
          <div className="sj-id-or">{say('or')}</div>
          <PasskeyButton />
          <PageLink to="/recover">{say('lost')}</PageLink>
        </section>
        <DemoPeople />
      </div>
    </PageFrame>
  );
}
