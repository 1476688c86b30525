import { StatusTag, type Tone } from '#platform/ui/web';
import type { Entry } from '../api.ts';
import { auditWords } from '../words.ts';

const KINDS = ['anonymous', 'person', 'application', 'device', 'system'] as const;
const TONES: Readonly<Record<string, Tone>> = { done: 'ok', refused: 'warn', failed: 'alarm' };

/** Who did it, as far as the log may still say. */
export function useWho(): (actor: Entry['actor']) => string {
  const say = auditWords.useText();
  return ({ kind, id, name }) => {
    const known = KINDS.find((one) => one === kind);
    const is = known ? say(known) : kind;
    if (kind === 'system' || kind === 'anonymous') return is;
    return id === null ? `${is} (${say('erased')})` : `${name || id}`;
  };
}

/** How it ended. */
export function Outcome({ of }: { of: string }) {
  const say = auditWords.useText();
  const known = (['done', 'refused', 'failed'] as const).find((one) => one === of);
  return <StatusTag tone={TONES[of] ?? 'quiet'}>{known ? say(known) : of}</StatusTag>;
}
