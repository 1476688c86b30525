import type { FastifyRequest } from 'fastify';
import { Refusal } from '#kernel/errors';
import type { Party } from './passkeys.ts';

/** Passkeys are for one name: that of PUBLIC_URL, else localhost. An address in digits has none (WebAuthn §5.1.2). */
export const partyOf = (request: FastifyRequest, publicUrl: string | undefined): Party => {
  const url = new URL(publicUrl ?? `${request.protocol}://${request.host || 'localhost'}`);
  const isNamed = publicUrl !== undefined || url.hostname === 'localhost';
  if (!isNamed || /^[\d.]+$|^\[/.test(url.hostname))
    throw new Refusal(
      'conflict',
      'Passkeys need the name of this house: set PUBLIC_URL, or come by localhost.',
    );
  return { origin: url.origin, id: url.hostname };
};
