import { StatusTag } from '#platform/ui/web';
import type { State, Target } from './api.ts';
import { programmeWords } from './words.ts';

/** Whether a clause works, in part, or not begun. */
export function StateTag({ state }: { state: State }) {
  const say = programmeWords.useText();
  if (state === 'works') return <StatusTag tone="ok">{say('stateWorks')}</StatusTag>;
  if (state === 'part') return <StatusTag tone="notice">{say('statePart')}</StatusTag>;
  return <StatusTag tone="quiet">{say('stateNothing')}</StatusTag>;
}

/** Where the figure of a target comes from. */
export function StandingTag({ standing }: Pick<Target, 'standing'>) {
  const say = programmeWords.useText();
  if (standing === 'computed') return <StatusTag tone="ok">{say('standingComputed')}</StatusTag>;
  if (standing === 'stated') return <StatusTag tone="notice">{say('standingStated')}</StatusTag>;
  return <StatusTag tone="quiet">{say('standingNone')}</StatusTag>;
}
