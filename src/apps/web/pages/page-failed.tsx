import { Button } from 'antd';
import { ErrorState, PageFrame } from '#platform/ui/web';
import { houseWords } from '../words.ts';

/** Shown in place of a page that threw; the shell around it goes on. */
export function PageFailed({ error }: { error: unknown }) {
  const say = houseWords.useText();
  return (
    <PageFrame
      title={say('pageFailed')}
      about={say('pageFailedHint')}
      actions={<Button onClick={() => location.reload()}>{say('reload')}</Button>}
    >
      <ErrorState error={error} />
    </PageFrame>
  );
}
