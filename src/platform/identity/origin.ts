import type { Config } from '#kernel/config';
import type { App } from '#kernel/http';

/** Where this process answers, for a house that was not told the address that people use. */
export const listeningAt = (app: App, { host, port }: Config): string => {
  const address = app.server.address();
  const own = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${own}`;
};
