/** A path of this house from a query, never an address elsewhere; home when it is not one. */
export function ownPath(text: string | undefined): string {
  if (text === undefined || !/^\/(?![/\\])/.test(text)) return '/';
  const url = new URL(text, 'http://house.invalid');
  return url.host === 'house.invalid' ? url.pathname + url.search : '/';
}

/** Whether the server goes on with a path by itself, such as with the sign-in that an application asked for. */
export const isServers = (path: string): boolean => path.startsWith('/api/');
