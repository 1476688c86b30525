import { hashSecret } from '#kernel/ids';
import type { KnownDevices } from '../known-devices.ts';

/** Who is connected: a device that showed its secret, or, with AUTH=off, anybody. */
export type Session = {
  /** Told apart from other senders of the same device; empty where the sender gave itself no name. */
  readonly sender: string;
  readonly device?: { readonly id: string; readonly secretHash: string };
};

/** CONNACK return codes, MQTT 3.1.1 table 3.1. */
export const SERVER_UNAVAILABLE = 3;
const BAD_CREDENTIALS = 4;

export class NotAdmitted extends Error {
  readonly returnCode: number;
  constructor(returnCode: number, message: string) {
    super(message);
    this.returnCode = returnCode;
  }
}

/**
 * Username is the device's id and password its secret; a secret alone, as the password, also says who it is. Throws
 * NotAdmitted.
 */
export const admit = async (
  known: Pick<KnownDevices, 'find' | 'findBySecretHash'>,
  username: string | undefined,
  password: Uint8Array | undefined,
) => {
  const secretHash = hashSecret(Buffer.from(password ?? []).toString('utf8'));
  try {
    const device = username ? await known.find(username) : await known.findBySecretHash(secretHash);
    if (device && device.secretHash === secretHash) return { id: device.id, secretHash };
  } catch {
    throw new NotAdmitted(SERVER_UNAVAILABLE, 'The register of devices cannot be read.');
  }
  throw new NotAdmitted(
    BAD_CREDENTIALS,
    'The username is the id of a device, the password its secret.',
  );
};
