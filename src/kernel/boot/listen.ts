import type { Config } from '#kernel/config';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';

/** Opens the HTTP port. Throws Refusal('unavailable') with a sentence for the person at the console. */
export const listenAt = async (app: App, { host, port }: Config): Promise<string> => {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'EADDRINUSE')
      throw new Refusal(
        'unavailable',
        `Port ${port} on ${host} is in use. Stop what uses it, or set PORT to another.`,
      );
    if (code === 'EACCES')
      throw new Refusal(
        'forbidden',
        `This account may not open port ${port}. Set PORT to one above 1023.`,
      );
    if (code === 'EADDRNOTAVAIL')
      throw new Refusal('invalid', `This machine has no address ${host}. Set HOST to one it has.`);
    throw error;
  }
};
