import { Tag } from 'antd';
import { CodeBlock, usePick } from '#platform/ui/web';
import type { PolicyText } from './api.ts';
import { rightsWords } from './words.ts';

/** One policy: what it says in words, and as it is written. */
export function PolicyCard({ policy }: { policy: PolicyText }) {
  const say = rightsWords.useText();
  const pick = usePick();
  return (
    <li className="sj-rights-policy">
      <div>
        <Tag>{say(policy.effect === 'permit' ? 'permits' : 'forbids')}</Tag>
        <strong>{pick(policy.title)}</strong> <code>{policy.id}</code>
      </div>
      <CodeBlock code={policy.text} label={policy.id} />
    </li>
  );
}
