import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { uiWords } from '../text/words.ts';
import './parts.css';

const COPIED_MS = 2_000;

/** Code to read and copy. `label` says what it is to a screen reader. */
export function CodeBlock({ code, label }: { code: string; label?: string }) {
  const say = uiWords.useText();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <div className="sj-code">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role -- scrolls sideways, so the keyboard must reach it */}
      <pre tabIndex={0} role="region" aria-label={label ?? say('copy')}>
        <code>{code}</code>
      </pre>
      <Button size="small" onClick={() => void copy(code).then(() => setCopied(true))}>
        <span aria-live="polite">{say(copied ? 'copied' : 'copy')}</span>
      </Button>
    </div>
  );
}

async function copy(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Pages served without https have no clipboard object; selecting and copying still works.
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
