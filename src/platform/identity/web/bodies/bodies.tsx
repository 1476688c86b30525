import { Input, Segmented } from 'antd';
import { useMemo, useState } from 'react';
import {
  Empty,
  ErrorState,
  Loading,
  PageFrame,
  useApi,
  usePageQuery,
  usePick,
} from '#platform/ui/web';
import { at, type BodyTree } from '../api.ts';
import { identityWords } from '../words.ts';
import '../identity.css';
import { Members } from './members.tsx';
import { inTreeOrder } from './tree.ts';

const INDENT_PX = 16;

/** The tree of bodies, and who belongs to the chosen one. */
export function Bodies() {
  const say = identityWords.useText();
  const pick = usePick();
  const bodies = useApi<BodyTree>(at.bodies);
  const [query, setQuery] = usePageQuery();
  const [text, setText] = useState('');
  const [mine, setMine] = useState(false);
  const rows = useMemo(() => inTreeOrder(bodies.data?.items ?? []), [bodies.data]);
  const wanted = text.trim().toLowerCase();
  const shown = rows.filter(
    ({ body }) =>
      (!mine || body.mayKeep) &&
      (wanted === '' || `${body.name.zh} ${body.name.en}`.toLowerCase().includes(wanted)),
  );
  const chosen = rows.find(({ body }) => body.id === query['body'])?.body;
  const isFlat = wanted !== '' || mine;

  return (
    <PageFrame title={say('bodies')} about={say('bodiesAbout')}>
      {bodies.error && <ErrorState error={bodies.error} />}
      {bodies.isPending && <Loading />}
      <div className="sj-id-two">
        <section className="sj-card" aria-label={say('bodies')}>
          <div className="sj-id-tools">
            <Input
              allowClear
              aria-label={say('bodyFind')}
              placeholder={say('bodyFind')}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
            <Segmented
              aria-label={say('bodies')}
              value={mine ? 'mine' : 'all'}
              options={[
                { value: 'all', label: say('bodyAll') },
                { value: 'mine', label: say('bodyMine') },
              ]}
              onChange={(next) => setMine(next === 'mine')}
            />
          </div>
          <ul className="sj-id-tree">
            {shown.map(({ body, depth }) => (
              <li key={body.id} style={{ paddingInlineStart: isFlat ? 0 : depth * INDENT_PX }}>
                <button
                  type="button"
                  aria-pressed={body.id === chosen?.id}
                  onClick={() => setQuery({ body: body.id })}
                >
                  <span>{pick(body.name)}</span>
                  {body.members > 0 && <small>{say('bodyMembers', { count: body.members })}</small>}
                </button>
              </li>
            ))}
          </ul>
        </section>
        <section className="sj-card" aria-live="polite">
          {chosen && bodies.data ? (
            <Members key={chosen.id} body={chosen} tree={bodies.data} />
          ) : (
            <Empty title={say('bodyChoose')} />
          )}
        </section>
      </div>
    </PageFrame>
  );
}
