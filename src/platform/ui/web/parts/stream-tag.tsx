import type { StreamState } from '../api/changes.ts';
import { uiWords } from '../text/words.ts';
import { StatusTag } from './status-tag.tsx';

/** Whether what is shown is live. */
export function StreamTag({ state }: { state: StreamState }) {
  const say = uiWords.useText();
  if (state === 'live') return <StatusTag tone="ok">{say('streamLive')}</StatusTag>;
  if (state === 'lost') return <StatusTag tone="warn">{say('streamLost')}</StatusTag>;
  return <StatusTag tone="quiet">{say('streamConnecting')}</StatusTag>;
}
