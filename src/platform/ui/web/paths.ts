type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Appends what is set in `query` to `path`, percent-encoded, in the order given. */
export function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.append(name, String(value));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

const part = encodeURIComponent;

/** Every path that more than one page uses, of pages and of the API. */
export const paths = {
  home: () => '/',
  work: () => '/work',
  city: (query: { entity?: string; place?: string; system?: string } = {}) =>
    withQuery('/city', query),
  developers: () => '/developers',
  signIn: (after?: string) => withQuery('/sign-in', { after }),
  account: () => '/account',
  reference: () => '/reference',
  api: {
    house: () => '/api/house',
    me: () => '/api/identity/me',
    password: () => '/api/identity/me/password',
    sessions: () => '/api/identity/sessions',
    currentSession: () => '/api/identity/sessions/current',
    searchRegisters: (text: string, limit: number) =>
      withQuery('/api/registers/search', { text, limit }),
    searchContext: (text: string, limit: number) =>
      withQuery('/api/context/search', { text, limit }),
    entityTypes: () => '/api/context/types',
    changes: (types: readonly string[], after?: string) =>
      withQuery('/api/context/changes', { types: types.join(','), after }),
    map: (bbox: readonly [number, number, number, number], types: readonly string[] = []) =>
      withQuery('/api/context/map', { bbox: bbox.join(','), types: types.join(',') }),
    city: () => '/api/registers/city',
    districts: () => '/api/registers/districts',
    outline: () => '/api/registers/outline',
    land: () => '/api/registers/land',
    boundaries: () => '/api/registers/boundaries',
    entity: (id: string) => `/ngsi-ld/v1/entities/${part(id)}`,
    entities: (query: Query) => withQuery('/ngsi-ld/v1/entities', query),
    history: (id: string, query: Query) =>
      withQuery(`/ngsi-ld/v1/temporal/entities/${part(id)}`, query),
  },
} as const;
