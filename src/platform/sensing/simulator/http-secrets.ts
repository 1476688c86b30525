import { Refusal } from '#kernel/errors';
import type { DeviceWithSecret } from '../contract.ts';
import type { Static } from 'typebox';
import type { DemoDevice } from './demo-device.ts';

const CALL_TIMEOUT_MS = 10_000;

/** Registers a device over the house's own HTTP API, or gives a registered one a new secret. For simulators outside of it. */
export const secretOverHttp =
  (address: string, token: string | undefined) =>
  async ({ registration }: DemoDevice): Promise<string> => {
    const post = (path: string, body?: unknown) =>
      fetch(new URL(path, address), {
        method: 'POST',
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      });
    let answer = await post('/api/sensing/devices', registration);
    if (answer.status === 409)
      answer = await post(`/api/sensing/devices/${registration.id}/credentials`);
    const json = (await answer.json()) as Static<typeof DeviceWithSecret> & { title?: string };
    if (!answer.ok)
      throw new Refusal(
        'unavailable',
        `${address} does not register the device: ${json.title ?? answer.status}`,
      );
    return json.secret;
  };
