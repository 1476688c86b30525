import type { ReactNode } from 'react';
import type { Tone } from '../theme/palette.ts';
import './parts.css';

/** A state as a word, with a colour and a shape that repeat it. */
export function StatusTag({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span
      className="sj-tag"
      data-tone={tone}
      style={{ color: `var(--${tone})`, background: `var(--${tone}-back)` }}
    >
      {children}
    </span>
  );
}
