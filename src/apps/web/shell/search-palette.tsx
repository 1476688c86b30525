import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { PageLink, useGo, type Page } from '#platform/ui/web';
import { houseWords } from '../words.ts';
import { useHits, type Hit } from './search-hits.ts';
import './search.css';

const PAUSE_MS = 180; // between two letters of a fast typist

/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events,
   jsx-a11y/no-noninteractive-element-interactions -- no tag is a combobox with links; Esc closes as a press beside does */

/** The search over everything: a combobox with its list, by the pattern of the ARIA guide. */
export function SearchPalette({ pages, onClose }: { pages: readonly Page[]; onClose: () => void }) {
  const say = houseWords.useText();
  const id = useId();
  const go = useGo();
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const text = useSettled(typed.trim());
  const { hits, busy, failed } = useHits(text, pages);

  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, at]);

  const press = (event: KeyboardEvent) => {
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: hits.length - 1 };
    const step = steps[event.key as keyof typeof steps];
    const hit = hits[at];
    if (event.key === 'Enter' && hit) {
      go(hit.to);
      onClose();
    } else if (step !== undefined && hits.length > 0 && event.key.startsWith('Arrow')) {
      setAt((step + hits.length) % hits.length);
    } else return;
    event.preventDefault();
  };

  return (
    <dialog
      ref={dialog}
      className="sj-palette"
      aria-label={say('searchLabel')}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <div className="sj-palette-head">
        <input
          type="search"
          role="combobox"
          aria-expanded={hits.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={hits[at] ? `${id}-${at}` : undefined}
          aria-autocomplete="list"
          aria-label={say('searchHint')}
          placeholder={say('searchHint')}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
        <button type="button" onClick={() => dialog.current?.close()}>
          Esc
        </button>
      </div>
      <div id={`${id}-list`} role="listbox" aria-label={say('search')} className="sj-palette-list">
        {hits.map((hit, i) => (
          <HitRow
            key={hit.key}
            {...{ hit }}
            id={`${id}-${i}`}
            first={hits[i - 1]?.group !== hit.group}
            active={i === at}
            onPoint={() => setAt(i)}
            onGo={onClose}
          />
        ))}
      </div>
      <output className="sj-palette-foot">
        {text === ''
          ? say('searchShort')
          : hits.length > 0
            ? `${say('searchHits', { count: hits.length })} · ${say('searchKeys')}`
            : !busy && !failed && say('searchNone', { text })}
        {failed && <span className="sj-palette-failed">{say('searchFailed')}</span>}
      </output>
    </dialog>
  );
}

type RowProps = {
  readonly id: string;
  readonly hit: Hit;
  readonly first: boolean;
  readonly active: boolean;
  readonly onPoint: () => void;
  readonly onGo: () => void;
};

function HitRow({ id, hit, first, active, onPoint, onGo }: RowProps) {
  const say = houseWords.useText();
  return (
    <>
      {first && (
        <div className="sj-palette-group" role="presentation">
          {say(hit.group)}
        </div>
      )}
      <PageLink
        id={id}
        to={hit.to}
        role="option"
        aria-selected={active}
        tabIndex={-1}
        className="sj-palette-hit"
        onMouseMove={onPoint}
        onClick={onGo}
      >
        <span>{hit.title}</span>
        <small>{hit.note}</small>
      </PageLink>
    </>
  );
}

/** The text once nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
