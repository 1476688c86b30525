import type { Event } from '#kernel/outbox';

/** The city's own data; other tenants are named after themselves. */
const CITY = '_';

/** One token of a subject: NATS gives a meaning to dots, stars, angles and spaces. */
const tokenOf = (text: string): string => {
  if (text === '') return CITY;
  const token = encodeURIComponent(text).replaceAll('.', '%2E').replaceAll('*', '%2A');
  return token === CITY ? '%5F' : token;
};

export const SUBJECTS = 'city.>';

/** `city.<tenant>.<type>`; the parts of a type are tokens, so that one may subscribe to all of a module's. */
export const subjectOf = ({ tenant, type }: Event): string => `city.${tokenOf(tenant)}.${type}`;

/** An event as CloudEvents 1.0 in JSON, structured. `source` and `id` together name it for ever. */
export const cloudEventOf = (event: Event, source: string): string =>
  JSON.stringify({
    specversion: '1.0',
    id: String(event.seq),
    source,
    type: event.type,
    subject: event.key,
    time: event.at,
    datacontenttype: 'application/json',
    ...(event.tenant !== '' && { tenant: event.tenant }),
    data: event.data,
  });
