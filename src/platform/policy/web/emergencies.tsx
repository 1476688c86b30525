import { Button, Input } from 'antd';
import { useMemo, useState } from 'react';
import { Age, DataTable, Empty, useApi, useSend, useToast, type Column } from '#platform/ui/web';
import { api, RIGHTS, useMe, type Emergency } from './api.ts';
import { rightsWords } from './words.ts';

const NOTE_CHARACTERS_MIN = 5;

/** Who broke the glass and why, and what somebody else thinks of it. */
export function Emergencies() {
  const say = rightsWords.useText();
  const me = useMe();
  const [reviewing, setReviewing] = useState<string>();
  const { data, error, refetch } = useApi<{ items: readonly Emergency[] }>(api.emergencies());
  const columns = useMemo<readonly Column<Emergency>[]>(() => {
    const resultOf = ({ untilAt, justified }: Emergency) => {
      if (justified !== null) return say(justified ? 'justified' : 'unjustified');
      return say(Date.parse(untilAt) > Date.now() ? 'underWay' : 'toReview');
    };
    const isDue = ({ untilAt, justified, actor }: Emergency) =>
      justified === null && Date.parse(untilAt) <= Date.now() && actor.id !== me;
    return [
      { key: 'who', title: say('who'), value: ({ actor }) => actor.name, sortable: true },
      { key: 'reason', title: say('reason'), value: ({ reason }) => reason },
      {
        key: 'began',
        title: say('began'),
        value: ({ beganAt }) => new Date(beganAt),
        sortable: true,
        render: ({ beganAt }) => <Age at={beganAt} />,
      },
      { key: 'until', title: say('until'), value: ({ untilAt }) => new Date(untilAt) },
      {
        key: 'result',
        title: say('result'),
        value: resultOf,
        render: (one) => (
          <span className="sj-rights-bar">
            {resultOf(one)}
            {isDue(one) && (
              <Button size="small" onClick={() => setReviewing(one.id)}>
                {say('review')}
              </Button>
            )}
          </span>
        ),
      },
      { key: 'note', title: say('note'), value: ({ note }) => note },
    ];
  }, [say, me]);
  return (
    <>
      {reviewing !== undefined && (
        <Review key={reviewing} id={reviewing} onClose={() => setReviewing(undefined)} />
      )}
      <DataTable
        label={say('emergencies')}
        columns={columns}
        rows={data?.items}
        rowKey={({ id }) => id}
        error={data ? undefined : error}
        onRetry={() => void refetch()}
        empty={<Empty title={say('noEmergencies')}>{say('noEmergenciesHint')}</Empty>}
      />
    </>
  );
}

function Review({ id, onClose }: { id: string; onClose: () => void }) {
  const say = rightsWords.useText();
  const toast = useToast();
  const [note, setNote] = useState('');
  const send = useSend({ touches: [RIGHTS], onDone: onClose });
  const give = (justified: boolean) =>
    send.mutate(
      { method: 'POST', path: api.review(id), body: { justified, note } },
      { onError: (problem) => toast.failed(problem) },
    );
  const isShort = note.trim().length < NOTE_CHARACTERS_MIN;
  return (
    <section className="sj-card sj-rights-edit" aria-label={say('review')}>
      <label htmlFor="rights-note">{say('note')}</label>
      <Input id="rights-note" value={note} onChange={({ target }) => setNote(target.value)} />
      <small className="sj-soft">{say('reasonHint')}</small>
      <div className="sj-rights-bar">
        <Button type="primary" disabled={isShort} onClick={() => give(true)}>
          {say('justified')}
        </Button>
        <Button danger disabled={isShort} onClick={() => give(false)}>
          {say('unjustified')}
        </Button>
        <Button onClick={onClose}>{say('cancel')}</Button>
      </div>
    </section>
  );
}
