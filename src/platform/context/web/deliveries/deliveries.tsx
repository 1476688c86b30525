import { Segmented } from 'antd';
import { PageFrame, Stat, usePageQuery } from '#platform/ui/web';
import { useReceivers } from './api.ts';
import { Log } from './log.tsx';
import { Receivers } from './receivers.tsx';
import { RightsNote } from './rights-note.tsx';
import { Subscriptions } from './subscriptions.tsx';
import { deliveriesWords } from './words.ts';
import './deliveries.css';

const VIEWS = ['receivers', 'subscriptions', 'log'] as const;
const PARTS = { receivers: Receivers, subscriptions: Subscriptions, log: Log } as const;

/** What the operator keeps an eye on: receivers, subscriptions, and each notification that left or did not. */
export function Deliveries() {
  const say = deliveriesWords.useText();
  const [query, change] = usePageQuery();
  const view = VIEWS.find((one) => one === query['view']) ?? 'receivers';
  const receivers = useReceivers().data?.items;
  const sum = (of: 'waiting' | 'dead') => receivers?.reduce((all, one) => all + one[of], 0);
  const Part = PARTS[view];
  return (
    <PageFrame title={say('title')} about={say('about')} actions={<RightsNote id="rights" />}>
      <div className="sj-deliveries-stats">
        <Stat
          label={say('failingReceivers')}
          value={receivers?.filter(({ health }) => health !== 'well').length}
          digits={0}
        />
        <Stat label={say('waitingAll')} value={sum('waiting')} digits={0} />
        <Stat label={say('deadAll')} value={sum('dead')} digits={0} />
      </div>
      <Segmented
        className="sj-deliveries-view"
        aria-label={say('view')}
        value={view}
        options={VIEWS.map((value) => ({ value, label: say(value) }))}
        onChange={(next) => change({ view: next, state: undefined, endpoint: undefined })}
      />
      <Part />
    </PageFrame>
  );
}
