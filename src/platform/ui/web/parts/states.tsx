import { Button } from 'antd';
import type { ReactNode } from 'react';
import { Problem } from '../api/request.ts';
import { uiWords } from '../text/words.ts';
import { problemKey } from './problem-key.ts';
import './parts.css';

/** Says honestly that there is nothing, why, and what a person can do about it. */
export function Empty({
  title,
  children,
  action,
}: {
  title?: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  const say = uiWords.useText();
  return (
    <div className="sj-state">
      <strong>{title ?? say('empty')}</strong>
      {children && <div>{children}</div>}
      {action}
    </div>
  );
}

/** Shows what went wrong, in the server's words where it said any, and a way to try again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const say = uiWords.useText();
  const problem = error instanceof Problem ? error : undefined;
  const { title, detail } = problem?.body ?? {};
  const requestId = problem?.body['requestId'] ?? problem?.body.instance;
  return (
    <div className="sj-state" data-tone="alarm" role="alert">
      <strong>{say(problemKey(problem))}</strong>
      {problem?.status === 0 && <p>{say('problemHint0')}</p>}
      {title && <p>{detail ? `${title}: ${detail}` : title}</p>}
      {!title && detail && <p>{detail}</p>}
      {!problem && error instanceof Error && <p>{error.message}</p>}
      {typeof requestId === 'string' && (
        <p>
          {say('requestId')} <code>{requestId}</code>
        </p>
      )}
      {onRetry && <Button onClick={onRetry}>{say('retry')}</Button>}
    </div>
  );
}

/** Keeps the place of something that is on its way. */
export function Loading({ height = 120 }: { height?: number | string }) {
  const say = uiWords.useText();
  return (
    <output className="sj-skeleton" style={{ height }}>
      {say('loading')}
    </output>
  );
}
