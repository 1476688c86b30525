import { Button } from 'antd';
import { DemoTag, useApi, usePick, useSend, type Bilingual } from '#platform/ui/web';
import { at, type Items, type Me } from '../api.ts';
import { identityWords } from '../words.ts';
import { useArrival } from './use-arrival.ts';

type DemoPerson = { id: string; name: Bilingual; title: Bilingual };

/** Made-up people, one click each; nothing where there is no demonstration. */
export function DemoPeople() {
  const say = identityWords.useText();
  const pick = usePick();
  const arrive = useArrival();
  const people = useApi<Items<DemoPerson>>(at.demoPeople).data?.items ?? [];
  const send = useSend<Me>();
  if (people.length === 0) return null;
  const enter = (person: string) =>
    send.mutate(
      { method: 'POST', path: at.demoSessions, body: { person } },
      { onSuccess: (me) => void arrive(me.actor.name) },
    );
  return (
    <section className="sj-card" aria-labelledby="demo-people">
      <h2 id="demo-people">
        {say('demoTitle')} <DemoTag />
      </h2>
      <p className="sj-soft">{say('demoAbout')}</p>
      <div className="sj-id-people">
        {people.map(({ id, name, title }) => (
          <Button key={id} onClick={() => enter(id)} disabled={send.isPending}>
            <span>
              {pick(title)}
              <small>{pick(name)}</small>
            </span>
          </Button>
        ))}
      </div>
    </section>
  );
}
