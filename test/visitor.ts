/** A browser without a window: keeps cookies by their paths and follows redirects one by one. */
type Cookie = { name: string; value: string; path: string };
const STEPS_MAX = 12;

export type Seen = { readonly status: number; readonly url: URL; readonly text: string };

export const openVisitor = (origin: string) => {
  let cookies: Cookie[] = [];
  const keep = (line: string) => {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const name = pair.slice(0, pair.indexOf('='));
    const path = attributes.find((a) => /^path=/i.test(a))?.slice(5) ?? '/';
    cookies = cookies.filter((c) => c.name !== name || c.path !== path);
    const isOver =
      attributes.some((a) => /^expires=Thu, 01 Jan 1970/i.test(a)) || pair.endsWith('=');
    if (!isOver) cookies.push({ name, value: pair.slice(name.length + 1), path });
  };
  const cookieFor = ({ pathname }: URL) =>
    cookies
      .filter(
        ({ path }) =>
          pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`),
      )
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');

  const once = async (url: URL, init: RequestInit = {}) => {
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html', cookie: cookieFor(url), ...(init.headers as object) },
    });
    for (const line of answer.headers.getSetCookie()) keep(line);
    return answer;
  };

  return {
    once: (path: string | URL, init?: RequestInit) => once(new URL(path, origin), init),
    /** Goes to an address and on to where it is sent, as far as a page of ours or another site. */
    go: async (path: string | URL, init: RequestInit = {}): Promise<Seen> => {
      let url = new URL(path, origin);
      let asked = init;
      for (let step = 0; step < STEPS_MAX; step++) {
        const answer = await once(url, asked);
        const location = answer.headers.get('location');
        const text = await answer.text();
        if (location === null) return { status: answer.status, url, text };
        url = new URL(location, url);
        asked = {};
        const isPage = !/^\/(?:oidc|api)\//.test(url.pathname);
        if (url.origin !== new URL(origin).origin || isPage)
          return { status: answer.status, url, text };
      }
      throw new Error(`Sent on more than ${STEPS_MAX} times, at last to ${url}.`);
    },
    json: async (path: string, method = 'GET', body?: object) => {
      const answer = await once(new URL(path, origin), {
        method,
        headers: {
          accept: 'application/json',
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: (text ? JSON.parse(text) : undefined) as never };
    },
    form: (path: string, fields: Readonly<Record<string, string>>) =>
      once(new URL(path, origin), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'sanjiang-step': 'yes' },
        body: new URLSearchParams(fields).toString(),
      }),
    forget: () => {
      cookies = [];
    },
  };
};
export type Visitor = ReturnType<typeof openVisitor>;
