import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { Problem } from '../api/request.ts';
import { uiWords } from '../text/words.ts';
import { problemKey } from './problem-key.ts';
import './toast.css';

type Toast = { readonly id: number; readonly tone: 'ok' | 'alarm'; readonly text: string };
type Show = (tone: Toast['tone'], text: string) => void;

const SHOWN_MS = { ok: 4_000, alarm: 10_000 }; // what went wrong must be read, not glimpsed
const TOASTS_MAX = 4;
const Context = createContext<Show>(() => undefined);

/** Holds the short messages of all pages. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const say = uiWords.useText();
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const drop = (id: number) => setToasts((now) => now.filter((one) => one.id !== id));
  const show = useMemo<Show>(() => {
    let last = 0;
    return (tone, text) => {
      const id = ++last;
      setToasts((now) => [...now.slice(1 - TOASTS_MAX), { id, tone, text }]);
      setTimeout(() => setToasts((now) => now.filter((one) => one.id !== id)), SHOWN_MS[tone]);
    };
  }, []);
  return (
    <Context value={show}>
      {children}
      <section className="sj-toasts" aria-live="polite" aria-label={say('messages')}>
        {toasts.map(({ id, tone, text }) => (
          <div key={id} className="sj-toast" data-tone={tone}>
            <span>{text}</span>
            <button type="button" aria-label={say('close')} onClick={() => drop(id)}>
              ×
            </button>
          </div>
        ))}
      </section>
    </Context>
  );
}

/** Short messages that go by themselves: `done` for what succeeded, `failed` for an error. */
export function useToast(): { done: (text?: string) => void; failed: (error: unknown) => void } {
  const show = useContext(Context);
  const say = uiWords.useText();
  return useMemo(
    () => ({
      done: (text) => show('ok', text ?? say('saved')),
      failed: (error) => {
        const problem = error instanceof Problem ? error : undefined;
        const detail = problem?.body.detail ?? problem?.body.title;
        show('alarm', [say(problemKey(problem)), detail].filter(Boolean).join(': '));
      },
    }),
    [show, say],
  );
}
