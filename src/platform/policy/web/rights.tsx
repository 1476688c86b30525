import { Tabs } from 'antd';
import {
  Empty,
  Loading,
  PageFrame,
  PageLink,
  paths,
  usePageQuery,
  usePath,
} from '#platform/ui/web';
import { useMaySee } from './api.ts';
import { Ask } from './ask.tsx';
import { Changes } from './changes.tsx';
import { Emergencies } from './emergencies.tsx';
import { Policies } from './policies.tsx';
import { rightsWords } from './words.ts';
import './rights.css';

const VIEWS = ['ask', 'rules', 'changes', 'emergencies'] as const;
const PARTS = { ask: Ask, rules: Policies, changes: Changes, emergencies: Emergencies };

/** Who may do what to what, and why; what stands written, and how it is changed. */
export function Rights() {
  const say = rightsWords.useText();
  const path = usePath();
  const maySee = useMaySee();
  const [query, setQuery] = usePageQuery();
  const view = VIEWS.find((one) => one === query['view']) ?? 'ask';
  const Part = PARTS[view];
  return (
    <PageFrame title={say('title')} about={say('about')}>
      {maySee === undefined ? (
        <Loading height={320} />
      ) : !maySee ? (
        <Empty
          title={say('onlyAdministrator')}
          action={<PageLink to={paths.signIn(path)}>{say('signIn')}</PageLink>}
        />
      ) : (
        <>
          <Tabs
            activeKey={view}
            onChange={(key) => setQuery({ view: key })}
            items={VIEWS.map((key) => ({ key, label: say(key) }))}
          />
          <p className="sj-soft sj-rights-about">{say(`${view}About`)}</p>
          <Part />
        </>
      )}
    </PageFrame>
  );
}
