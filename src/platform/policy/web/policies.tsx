import { Button, Select, Tag } from 'antd';
import { useState } from 'react';
import { ErrorState, Loading, useApi, usePick } from '#platform/ui/web';
import { api, type Book } from './api.ts';
import { NewChange } from './new-change.tsx';
import { PolicyCard } from './policy-text.tsx';
import { rightsWords } from './words.ts';

/** The policies by module, and the proposal of a change. */
export function Policies() {
  const say = rightsWords.useText();
  const pick = usePick();
  const [module, setModule] = useState('house');
  const [editing, setEditing] = useState(false);
  const { data, error, refetch } = useApi<{ items: readonly Book[] }>(api.books());
  const book = data?.items.find((one) => one.module === module);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data || !book) return <Loading height={320} />;
  return (
    <>
      <div className="sj-rights-bar">
        <Select
          aria-label={say('module')}
          value={module}
          onChange={(next) => {
            setModule(next);
            setEditing(false);
          }}
          options={data.items.map(({ module: value, title }) => ({
            value,
            label: `${pick(title)} · ${value}`,
          }))}
        />
        {book.changed && <Tag>{say('changed')}</Tag>}
        {book.unusable && <Tag>{say('unusable')}</Tag>}
        {!editing && <Button onClick={() => setEditing(true)}>{say('edit')}</Button>}
      </div>
      {editing && <NewChange key={module} book={book} onClose={() => setEditing(false)} />}
      <h2 className="sj-rights-heading">{say('policies')}</h2>
      <ul className="sj-rights-list">
        {book.policies.map((policy) => (
          <PolicyCard key={policy.id} policy={policy} />
        ))}
      </ul>
      {book.policies.length === 0 && <p>{say('nobodyPermits')}</p>}
    </>
  );
}
