import { useEffect, useRef } from 'react';
import { Age, DemoTag, ErrorState, Loading, PageLink, useTypeName } from '#platform/ui/web';
import { contextWords } from '../words.ts';
import { entityPage } from './entity-path.ts';
import { FactsTable } from './facts-table.tsx';
import { useEntity, useEntityName } from './use-entity.ts';
import './entity.css';

type Props = { readonly id: string; readonly onClose: () => void };

/** The facts of one entity beside the map; a sheet from below on a phone. Escape closes it. */
export function EntityPanel({ id, onClose }: Props) {
  const say = contextWords.useText();
  const typeName = useTypeName();
  const nameOf = useEntityName();
  const { entity, error, again } = useEntity(id);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const name = nameOf(entity ?? { id, name: undefined });
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes from anywhere in it
    <aside
      className="sj-panel"
      aria-label={name}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <div className="sj-panel-head">
        <h2 ref={heading} tabIndex={-1}>
          {name}
        </h2>
        <button type="button" aria-label={say('close')} onClick={onClose}>
          ×
        </button>
      </div>
      {error && !entity ? (
        <ErrorState error={error} onRetry={again} />
      ) : !entity ? (
        <Loading />
      ) : (
        <>
          <p className="sj-panel-about">
            <span>{entity.types.map(typeName).join(', ')}</span>
            {entity.demo && <DemoTag />}
            <span className="sj-soft">
              <Age at={entity.newest} />
            </span>
          </p>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role -- scrolls, so the keyboard must reach it */}
          <div className="sj-panel-facts" tabIndex={0} role="group" aria-label={say('facts')}>
            <FactsTable facts={entity.facts} short />
          </div>
          <PageLink className="sj-panel-more" to={entityPage(id)}>
            {say('openEntity')}
          </PageLink>
        </>
      )}
    </aside>
  );
}
