import { Button } from 'antd';
import { useState } from 'react';
import { Empty, ErrorState, formatTime, Loading, useApi, useLanguage } from '#platform/ui/web';
import { api, type Receipt, type ReceiptsPage } from '../api.ts';
import { auditWords } from '../words.ts';
import '../audit.css';

const PAGE_ITEMS = 20;

export type ReceiptsProps = {
  /** What the purposes are called; without it their ids are shown. */
  readonly purposeName?: (id: string) => string;
  /** What bodies are called. */
  readonly bodyName?: (id: string) => string;
  /** What fields are called. */
  readonly fieldName?: (name: string) => string;
};

/** Who looked at the personal data of the person who is signed in. */
export function Receipts(props: ReceiptsProps) {
  const say = auditWords.useText();
  const [starts, setStarts] = useState<readonly (number | undefined)[]>([undefined]);
  return (
    <section className="sj-audit-receipts" aria-labelledby="receipts">
      <h2 id="receipts">{say('receipts')}</h2>
      <p className="sj-soft">{say('receiptsAbout')}</p>
      {starts.map((below, page) => (
        <Part
          key={below ?? 0}
          {...props}
          below={below}
          {...(page === starts.length - 1 && {
            onMore: (next: number) => setStarts([...starts, next]),
          })}
        />
      ))}
    </section>
  );
}

type PartProps = ReceiptsProps & {
  readonly below: number | undefined;
  readonly onMore?: (next: number) => void;
};

function Part({ below, onMore, ...names }: PartProps) {
  const say = auditWords.useText();
  const { data, error, refetch } = useApi<ReceiptsPage>(api.receipts({ below, limit: PAGE_ITEMS }));
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading height={120} />;
  const { next } = data;
  if (below === undefined && data.items.length === 0) return <Empty title={say('receiptsNone')} />;
  return (
    <>
      <ul className="sj-audit-looks">
        {data.items.map((receipt) => (
          <Look key={receipt.id} receipt={receipt} {...names} />
        ))}
      </ul>
      {onMore && next !== null && (
        <Button onClick={() => onMore(next)}>{say('receiptsOlder')}</Button>
      )}
    </>
  );
}

const asItIs = (text: string) => text;

function Look({ receipt, ...names }: { receipt: Receipt } & ReceiptsProps) {
  const say = auditWords.useText();
  const language = useLanguage();
  const { purposeName = asItIs, bodyName = asItIs, fieldName = asItIs } = names;
  const { actor, bodies, fields, purpose } = receipt;
  const of = bodies.map(bodyName).join(', ');
  return (
    <li>
      <time dateTime={receipt.at}>{formatTime(receipt.at, language)}</time>
      <strong>
        {actor.name || say(actor.kind === 'system' ? 'system' : 'anonymous')}
        {of && ` (${of})`}
      </strong>
      <span>
        {say('receiptsFields')}: {fields.map(fieldName).join(', ')}
      </span>
      <span>
        {say('purpose')}: {purpose === null ? say('none') : purposeName(purpose)}
      </span>
    </li>
  );
}
