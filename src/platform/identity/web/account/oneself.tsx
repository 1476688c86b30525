import { useApi, usePick } from '#platform/ui/web';
import { at, type BodyTree, type Me } from '../api.ts';
import { Section } from '../parts.tsx';
import { identityWords } from '../words.ts';

/** How surely one is known, what one belongs to and which roles one has. */
export function Oneself({ person }: { person: Me['actor'] }) {
  const say = identityWords.useText();
  const pick = usePick();
  const tree = useApi<BodyTree>(at.bodies).data;
  const assurances: Readonly<Record<string, string>> = {
    anonymous: say('assurance_anonymous'),
    contact: say('assurance_contact'),
    'real-name': say('assurance_real'),
    staff: say('assurance_staff'),
  };
  const roles = person.roles.filter((role) => role !== 'anyone' && role !== 'person');
  const named: Readonly<Record<string, string>> = {
    developer: say('role_developer'),
    operator: say('role_operator'),
    administrator: say('role_administrator'),
  };
  const nameIn = (some: BodyTree['posts'] | undefined, id: string) => {
    const found = some?.find((one) => one.id === id);
    return found ? pick(found.name) : id;
  };
  return (
    <Section id="oneself" title={say('me')}>
      <dl className="sj-id-facts">
        <dt>{say('assurance')}</dt>
        <dd>{assurances[person.assurance ?? 'anonymous']}</dd>
        <dt>{say('belongs')}</dt>
        <dd>
          {(person.bodies ?? []).length === 0 && say('none')}
          {(person.bodies ?? []).map(({ body, post }) => (
            <div key={`${body} ${post}`}>
              {nameIn(tree?.items, body)} · {nameIn(tree?.posts, post)}
            </div>
          ))}
        </dd>
        <dt>{say('roles')}</dt>
        <dd>{roles.map((role) => named[role] ?? role).join(', ') || say('none')}</dd>
      </dl>
    </Section>
  );
}
