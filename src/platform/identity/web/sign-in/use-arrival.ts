import { useGo, usePageQuery, useRefresh, useToast } from '#platform/ui/web';
import { identityWords } from '../words.ts';
import { isServers, ownPath } from './own-path.ts';

/** What happens once somebody is signed in: all is asked anew, and the person goes where they came from. */
export function useArrival(): (name: string) => Promise<void> {
  const say = identityWords.useText();
  const go = useGo();
  const toast = useToast();
  const refresh = useRefresh();
  const [query] = usePageQuery();
  return async (name) => {
    const after = ownPath(query['after']);
    if (isServers(after)) return window.location.assign(after);
    await refresh('/');
    toast.done(say('signedIn', { name }));
    go(after, { replace: true });
  };
}
