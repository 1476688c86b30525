import { Age, ErrorState, Loading, PageLink, usePick } from '#platform/ui/web';
import type { Live } from '#platform/context/web';
import { groupPath, partsOf, type Group, type Plan } from './api.ts';
import { programmeWords } from './words.ts';
import './programme.css';

type Props = {
  readonly plan: Plan | undefined;
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly live: ReadonlyMap<string, Live>;
  /** The system that alone is shown on the map; '' for all. */
  readonly only: string;
  readonly onOnly: (system: string) => void;
};

/** Ten tiles, one a system: how much of the plan works, and what of it is live now. */
export function SystemTiles({ plan, error, onRetry, live, only, onOnly }: Props) {
  const say = programmeWords.useText();
  if (!plan)
    return error ? <ErrorState error={error} onRetry={onRetry} /> : <Loading height="100%" />;
  return (
    <section className="sj-systems" aria-labelledby="systems">
      <div className="sj-systems-head">
        <h2 id="systems">{say('systems')}</h2>
        <PageLink to="/city/plan">{say('planTitle')}</PageLink>
      </div>
      <ul>
        {plan.groups
          .filter(({ system }) => system !== undefined)
          .map((group) => (
            <Tile
              key={group.id}
              group={group}
              live={live.get(group.id)}
              only={only === group.id}
              onOnly={() => onOnly(only === group.id ? '' : group.id)}
            />
          ))}
      </ul>
    </section>
  );
}

type TileProps = {
  readonly group: Group;
  readonly live: Live | undefined;
  readonly only: boolean;
  readonly onOnly: () => void;
};

function Tile({ group, live, only, onOnly }: TileProps) {
  const say = programmeWords.useText();
  const pick = usePick();
  const part = partsOf(group);
  const name = pick(group.title);
  return (
    <li className="sj-system" data-only={only || undefined}>
      <div className="sj-system-line">
        <PageLink to={groupPath(group.id)}>
          <span className="sj-system-id">{group.id}</span> {name}
        </PageLink>
        <span>
          {say('worksOf', { works: group.works, of: group.of })}
          {part > 0 && <span className="sj-soft"> · {say('inPart', { count: part })}</span>}
        </span>
      </div>
      <span className="sj-system-bar" aria-hidden>
        <i style={{ flexGrow: group.works }} data-state="works" />
        <i style={{ flexGrow: part }} data-state="part" />
        <i style={{ flexGrow: group.of - group.works - part }} />
      </span>
      {live ? (
        <button
          type="button"
          aria-pressed={only}
          title={say(only ? 'showAll' : 'showOnly', { name })}
          onClick={onOnly}
        >
          <span>
            <b>{say('live', { count: live.count })}</b>
            {live.demo > 0 && (
              <span className="sj-soft"> · {say('liveDemo', { count: live.demo })}</span>
            )}
          </span>
          <span className="sj-soft">
            <Age at={live.newest} />
          </span>
        </button>
      ) : (
        <span className="sj-system-none">{say('liveNone')}</span>
      )}
    </li>
  );
}
