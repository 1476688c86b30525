import { PageLink, paths, usePath } from '#platform/ui/web';
import { useMay } from '../api.ts';
import { devicesWords } from './words.ts';

/** Whether the person may keep the register; what is not allowed is shown, but cannot be pressed. */
export const useMayKeep = () => useMay('sensing.keep-register') ?? false;

/** Says why actions cannot be pressed, and what would help. */
export function RightsNote({ id }: { id: string }) {
  const say = devicesWords.useText();
  const path = usePath();
  const may = useMay('sensing.keep-register');
  if (may !== false) return null;
  return (
    <small id={id} className="sj-soft">
      {say('onlyOperator')} <PageLink to={paths.signIn(path)}>{say('signIn')}</PageLink>
    </small>
  );
}
