import type { Trial } from '../contract.ts';
import type { Recorded } from '../recorded/decisions.ts';
import type { Rights } from '../rights.ts';

/** Shown at most; the counts are of all. */
const SHOWN_MAX = 100;

/**
 * What recorded decisions would have been with another text of one module, beside what they are with those in force.
 * Throws Refusal('invalid') where the text does not hold.
 */
export const tryText = (
  rights: Rights,
  inForce: ReadonlyMap<string, string>,
  { module, text }: { module: string; text: string },
  recorded: readonly Recorded[],
): Trial => {
  const now = rights.engineWith(inForce, 'trial-now');
  const then = rights.engineWith(new Map([...inForce, [module, text]]), 'trial-then');
  const changed: Trial['changed'][number][] = [];
  let [allowed, denied] = [0, 0];
  for (const { question } of recorded) {
    const before = rights.decideBy(now, question);
    const after = rights.decideBy(then, question);
    if (before.allowed === after.allowed) continue;
    if (after.allowed) allowed += 1;
    else denied += 1;
    if (changed.length < SHOWN_MAX)
      changed.push({
        actor: {
          kind: question.actor.kind,
          id: question.actor.id,
          roles: [...question.actor.roles],
        },
        action: question.action,
        resource: question.resource
          ? `${question.resource.kind} ${question.resource.id ?? ''}`
          : null,
        allowed: after.allowed,
        because: [...(after.allowed ? after.because : before.because)],
      });
  }
  return { recorded: recorded.length, allowed, denied, changed };
};
