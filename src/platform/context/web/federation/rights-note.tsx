import { PageLink, paths, usePath } from '#platform/ui/web';
import { useMay } from './sources.ts';
import { federationWords } from './words.ts';

/** Says why actions cannot be pressed, and what would help. */
export function RightsNote({ id }: { id: string }) {
  const say = federationWords.useText();
  const path = usePath();
  if (useMay('write') !== false) return null;
  return (
    <small id={id} className="sj-soft">
      {say('onlyOperator')} <PageLink to={paths.signIn(path)}>{say('signIn')}</PageLink>
    </small>
  );
}
