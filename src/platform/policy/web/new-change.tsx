import { Alert, Button, Input } from 'antd';
import { useState } from 'react';
import { useSend, useToast } from '#platform/ui/web';
import { api, RIGHTS, type Book, type Trial } from './api.ts';
import { rightsWords } from './words.ts';

const REASON_CHARACTERS_MIN = 5;

/** A new text for a module: tried against recorded decisions, then proposed. */
export function NewChange({ book, onClose }: { book: Book; onClose: () => void }) {
  const say = rightsWords.useText();
  const toast = useToast();
  const [text, setText] = useState(book.text);
  const [reason, setReason] = useState('');
  const [trial, setTrial] = useState<Trial>();
  const attempt = useSend<Trial>({ onDone: setTrial });
  const send = useSend({
    touches: [RIGHTS],
    onDone: () => {
      toast.done(say('proposeDone'));
      onClose();
    },
  });
  const { module } = book;
  const problem = attempt.error ?? send.error;
  return (
    <section className="sj-card sj-rights-edit" aria-label={say('edit')}>
      <label htmlFor="rights-text">{say('text')}</label>
      <Input.TextArea
        id="rights-text"
        className="sj-rights-code"
        rows={14}
        value={text}
        spellCheck={false}
        onChange={({ target }) => setText(target.value)}
      />
      <small className="sj-soft">{say('textHint')}</small>
      <label htmlFor="rights-reason">{say('reason')}</label>
      <Input
        id="rights-reason"
        value={reason}
        aria-describedby="rights-reason-hint"
        onChange={({ target }) => setReason(target.value)}
      />
      <small id="rights-reason-hint" className="sj-soft">
        {say('reasonHint')}
      </small>
      {problem && <Alert role="alert" type="error" title={problem.message} />}
      {trial && !attempt.error && (
        <output>
          <p>{say('trialOf', { count: trial.recorded })}</p>
          <p>
            {trial.allowed + trial.denied === 0
              ? say('trialNone')
              : say('trialSome', { allowed: trial.allowed, denied: trial.denied })}
          </p>
          <ul>
            {trial.changed.map(({ actor, action, resource, allowed }) => (
              <li key={`${actor.kind} ${actor.id} ${action} ${resource}`}>
                {actor.id} ({actor.roles.join(' ')}) · <code>{action}</code> {resource} →{' '}
                {say(allowed ? 'allowed' : 'denied')}
              </li>
            ))}
          </ul>
        </output>
      )}
      <div className="sj-rights-bar">
        <Button
          loading={attempt.isPending}
          onClick={() =>
            attempt.mutate({ method: 'POST', path: api.trials(), body: { module, text } })
          }
        >
          {say('try')}
        </Button>
        <Button
          type="primary"
          loading={send.isPending}
          disabled={reason.trim().length < REASON_CHARACTERS_MIN}
          onClick={() =>
            send.mutate({ method: 'POST', path: api.changes(), body: { module, text, reason } })
          }
        >
          {say('propose')}
        </Button>
        <Button onClick={onClose}>{say('cancel')}</Button>
      </div>
    </section>
  );
}
