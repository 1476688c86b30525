import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { Value } from 'typebox/value';
import { Refusal } from '#kernel/errors';
import type { Importer, ImportProgress } from '#kernel/module';
import { NewDevice } from '../contract.ts';
import type { Gateway } from '../gateway.ts';
import { readCsv } from './csv.ts';
import { readNdjson } from './ndjson.ts';
import { takeRows } from './take-rows.ts';

const FAULTS_KEPT = 20;
const DEVICES_BYTES_MAX = 64 * 1024 * 1024;

const readDevices = async (source: AsyncIterable<Uint8Array>): Promise<unknown[]> => {
  let bytes = 0;
  const bounded = async function* () {
    for await (const chunk of source) {
      bytes += chunk.byteLength;
      if (bytes > DEVICES_BYTES_MAX)
        throw new Refusal('too-large', `A file of devices has at most ${DEVICES_BYTES_MAX} bytes.`);
      yield chunk;
    }
  };
  try {
    const json: unknown = JSON.parse(await text(Readable.from(bounded())));
    if (Array.isArray(json)) return json;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('invalid', `The file is not JSON: ${(error as Error).message}.`);
  }
  throw new Refusal('invalid', 'A file of devices is a JSON array.');
};

/** Registers each device that is not there yet. Secrets are made afterwards, one by one: a file is no place for them. */
const importDevices = async function* (
  { registration }: Gateway,
  source: AsyncIterable<Uint8Array>,
  checkpoint: number,
): AsyncGenerator<ImportProgress> {
  const devices = await readDevices(source);
  const faults: string[] = [];
  let refused = 0;
  for (let i = checkpoint; i < devices.length; i++) {
    const device = devices[i];
    try {
      if (!Value.Check(NewDevice, device)) {
        const [fault] = Value.Errors(NewDevice, device);
        throw new Refusal(
          'invalid',
          `${fault?.instancePath ?? ''} ${fault?.message ?? 'is not as it should be'}`.trim(),
        );
      }
      await registration.register(device);
    } catch (error) {
      if (!(error instanceof Refusal) || (error.kind !== 'invalid' && error.kind !== 'conflict'))
        throw error;
      refused++;
      if (faults.length < FAULTS_KEPT) faults.push(`device ${i + 1}: ${error.message}`);
    }
    yield {
      done: i + 1 - checkpoint,
      total: devices.length,
      refused,
      checkpoint: i + 1,
      faults: [...faults],
    };
  }
};

/** What files the gateway takes. */
export const importersOf = (gateway: Gateway): Importer[] => [
  {
    id: 'readings-ndjson',
    title: { zh: '设备读数（NDJSON）', en: 'Readings of devices (NDJSON)' },
    run: (source, { checkpoint }) => takeRows(gateway, readNdjson(source), { checkpoint }),
  },
  {
    id: 'readings-csv',
    title: { zh: '设备读数（CSV）', en: 'Readings of devices (CSV)' },
    run: (source, { checkpoint }) => takeRows(gateway, readCsv(source), { checkpoint }),
  },
  {
    id: 'devices',
    title: { zh: '设备登记（JSON）', en: 'Register of devices (JSON)' },
    run: (source, { checkpoint }) => importDevices(gateway, source, checkpoint),
  },
];
