import { PageFrame, PageLink, paths } from '#platform/ui/web';
import { identityWords } from '../words.ts';
import '../identity.css';
import { useFacts } from './use-facts.ts';

const SHOWN_CHARACTERS_MAX = 300;

/** What was wrong with an application's request, where nobody may be sent back to it. */
export function SignInProblem() {
  const say = identityWords.useText();
  const facts = useFacts();
  const shown = (name: string) => facts.get(name)?.slice(0, SHOWN_CHARACTERS_MAX);
  const expired = shown('description')?.includes('expired') ?? false;
  return (
    <PageFrame title={say('problemTitle')}>
      <section className="sj-card sj-id-narrow">
        <p>{say(expired ? 'problemExpired' : 'problemAbout')}</p>
        <p>
          <code>{shown('error')}</code> {shown('description')}
        </p>
        <PageLink to={paths.home()}>{say('home')}</PageLink>
      </section>
    </PageFrame>
  );
}
