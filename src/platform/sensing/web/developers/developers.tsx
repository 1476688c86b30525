import { PageFrame, paths } from '#platform/ui/web';
import { api } from '../api.ts';
import { Doors } from './doors.tsx';
import { ReadExamples } from './read-examples.tsx';
import { Rules } from './rules.tsx';
import { TryIt } from './try-it.tsx';
import { useTrial } from './use-trial.ts';
import { developersWords } from './words.ts';
import './developers.css';

/** A first reading in a minute, and everything that one connects to after it. */
export function Developers() {
  const say = developersWords.useText();
  const trial = useTrial();
  return (
    <PageFrame
      title={say('title')}
      about={say('about')}
      actions={
        <>
          <a href={paths.reference()}>{say('reference')}</a>
          <a href={api.contract()}>{say('openapi')}</a>
        </>
      }
    >
      <div className="sj-dev">
        <TryIt {...trial} />
        <ReadExamples entity={trial.device?.entity} />
        <Doors />
        <Rules />
      </div>
    </PageFrame>
  );
}
