import { sql } from 'kysely';
import type { Actor, Role } from '#kernel/actor';
import { mayBeHere, type PersonRow, personColumns, personOf } from '../people/actors.ts';
import type { Db, Terms } from '../people/terms.ts';

type Payload = { scope?: string; aud?: string; acr?: string };
type Found = { payload: Payload; client: string; name: string; roles: Role[] };

const scopesOf = ({ scope = '' }: Payload): string[] => scope.split(' ').filter(Boolean);

/**
 * Who an access token of our provider stands for: a person through an application, or an application itself; limited to
 * the scopes that were granted. One that is for userinfo only, or for anybody else, is nobody's here (RFC 9700 §2.3).
 */
export const findByAccessToken = async (
  db: Db,
  hash: string,
  resource: string,
  terms: Terms,
): Promise<Actor | undefined> => {
  const now = terms.now();
  const ofPeople = await sql<PersonRow & Found & { factors: number }>`
    select ${personColumns(now)}, a.payload, a.client, coalesce((a.payload->'extra'->>'factors')::int, 1) as factors
    from identity.oidc_artifacts a
    join identity.oidc_artifacts g on g.model = 'Grant' and g.id = a.grant_id and (g.expires_at is null or g.expires_at > ${now})
    join identity.clients c on c.id = a.client and c.ended_at is null
    join identity.people p on p.id = a.account
    where a.model = 'AccessToken' and a.id = ${hash} and a.expires_at > ${now}
      and a.payload->>'aud' = ${resource} and ${mayBeHere(terms)}`.execute(db);
  const [person] = ofPeople.rows;
  if (person)
    return {
      ...personOf(person, person.factors, terms),
      client: person.client,
      scopes: scopesOf(person.payload),
    };
  const ofClients = await sql<Found>`
    select a.payload, c.id as client, c.name_en as name, c.roles
    from identity.oidc_artifacts a join identity.clients c on c.id = a.client and c.ended_at is null
    where a.model = 'ClientCredentials' and a.id = ${hash} and a.expires_at > ${now}
      and a.payload->>'aud' = ${resource}`.execute(db);
  const [found] = ofClients.rows;
  return (
    found && {
      kind: 'application',
      id: found.client,
      name: found.name,
      roles: ['anyone', ...found.roles],
      client: found.client,
      scopes: scopesOf(found.payload),
    }
  );
};
