import { Empty, PageFrame, PageLink, paths } from '#platform/ui/web';
import { houseWords } from '../words.ts';

/** Shown for an address that is no page. */
export function NotFound() {
  const say = houseWords.useText();
  return (
    <PageFrame title={say('notFound')}>
      <Empty
        title={say('notFoundHint')}
        action={<PageLink to={paths.home()}>{say('toHome')}</PageLink>}
      />
    </PageFrame>
  );
}
