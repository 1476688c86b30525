import { uiWords } from '../text/words.ts';
import { StatusTag } from './status-tag.tsx';

/** Marks data that the simulator made. It stands wherever such data is shown. */
export function DemoTag() {
  const say = uiWords.useText();
  return <StatusTag tone="notice">{say('demo')}</StatusTag>;
}
