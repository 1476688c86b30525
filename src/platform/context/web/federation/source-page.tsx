import {
  Empty,
  ErrorState,
  Loading,
  PageFrame,
  PageLink,
  usePageParams,
  usePageQuery,
} from '#platform/ui/web';
import { RemoveSource } from './remove-source.tsx';
import { SourceFacts } from './source-facts.tsx';
import { SourceState } from './source-tags.tsx';
import { calledOf, pageOf, useSources } from './sources.ts';
import { federationWords } from './words.ts';
import './federation.css';

/** One joined platform: what it gives, how it is doing, and the parting from it. */
export function SourcePage() {
  const say = federationWords.useText();
  const id = usePageParams()['id'] ?? '';
  const [{ tenant = '' }] = usePageQuery();
  const { data, error, refetch } = useSources();
  const source = data?.items.find((one) => one.id === id && one.tenant === tenant);
  const crumbs = [{ text: say('title'), to: pageOf.federation() }];
  if (!source)
    return (
      <PageFrame title={say('one')} crumbs={crumbs}>
        {data ? (
          <Empty
            title={say('notFound')}
            action={<PageLink to={pageOf.federation()}>{say('title')}</PageLink>}
          />
        ) : error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading height={320} />
        )}
      </PageFrame>
    );
  return (
    <PageFrame
      title={calledOf(source)}
      crumbs={crumbs}
      about={
        <span className="sj-federation-name">
          <span className="sj-federation-long">{source.endpoint}</span>{' '}
          <SourceState state={source.state} />
        </span>
      }
      actions={<RemoveSource source={source} />}
    >
      <SourceFacts source={source} />
    </PageFrame>
  );
}
