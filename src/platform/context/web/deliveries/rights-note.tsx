import { PageLink, paths, usePath } from '#platform/ui/web';
import { useMayReplay } from './api.ts';
import { deliveriesWords } from './words.ts';

/** Says why nothing can be delivered again, and what would help. */
export function RightsNote({ id }: { id: string }) {
  const say = deliveriesWords.useText();
  const path = usePath();
  if (useMayReplay() !== false) return null;
  return (
    <small id={id} className="sj-soft sj-deliveries-note">
      {say('onlyOperator')} <PageLink to={paths.signIn(path)}>{say('signIn')}</PageLink>
    </small>
  );
}
