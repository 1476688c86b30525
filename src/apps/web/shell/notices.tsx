import { useHouse, useMe } from '../api.ts';
import { houseWords } from '../words.ts';

/** What everybody must know on every page: that access is not controlled, that data is simulated. */
export function Notices() {
  const say = houseWords.useText();
  const house = useHouse();
  const me = useMe();
  const authOff = (me.data?.auth ?? house.data?.auth) === 'off';
  const demo = house.data?.demo;
  if (!authOff && !demo?.on) return null;
  return (
    <aside className="sj-notices" aria-label={say('notices')}>
      {authOff && <p className="sj-notice-warn">{say('authOff')}</p>}
      {demo?.on && (
        <p className="sj-notice-demo">
          <strong>{say('demoOn')}</strong>
          <span className="sj-notice-more">{say('demoOnLong', { rate: demo.rate })}</span>
        </p>
      )}
    </aside>
  );
}
