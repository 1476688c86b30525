import { App } from 'antd';
import { useMemo } from 'react';
import { Problem } from '../api/request.ts';
import { uiWords } from '../text/words.ts';
import { problemKey } from './states.tsx';

/** Short messages that go by themselves: `done` for what succeeded, `failed` for an error. */
export function useToast(): { done: (text?: string) => void; failed: (error: unknown) => void } {
  const { message } = App.useApp();
  const say = uiWords.useText();
  return useMemo(
    () => ({
      done: (text) => void message.success(text ?? say('saved')),
      failed: (error) => {
        const problem = error instanceof Problem ? error : undefined;
        const detail = problem?.body.detail ?? problem?.body.title;
        void message.error([say(problemKey(problem)), detail].filter(Boolean).join(': '));
      },
    }),
    [message, say],
  );
}
