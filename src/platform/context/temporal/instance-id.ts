import { createHash } from 'node:crypto';
import type { Instance } from '../model.ts';

const PREFIX = 'urn:ngsi-ld:Instance:';
const NAMED = /^urn:ngsi-ld:Instance:(\d{1,15})-[0-9a-f]{12}$/;
/** Pairs of attribute and dataset in one answer; beyond that they are worked out anew. */
const REMEMBERED_MAX = 10_000;
const DIGEST_CHARACTERS = 12;

const digests = new Map<string, string>();

const digestOf = (name: string, datasetId = ''): string => {
  const key = `${name}\n${datasetId}`;
  const known = digests.get(key);
  if (known !== undefined) return known;
  const digest = createHash('sha256').update(key).digest('hex').slice(0, DIGEST_CHARACTERS);
  if (digests.size >= REMEMBERED_MAX) digests.clear();
  digests.set(key, digest);
  return digest;
};

/**
 * The name of an instance of the history (clause 4.5.7): the number of its row, and which attribute and dataset of it,
 * of which a row has one each. One that was modified keeps the name it had (clause 5.6.14).
 */
export const instanceIdOf = (seq: number, name: string, instance: Instance): string =>
  instance.instanceId ?? `${PREFIX}${seq}-${digestOf(name, instance.datasetId)}`;

/** The number of the row that holds an instance of this name; undefined where none can. */
export const rowOf = (instanceId: string): number | undefined => {
  const seq = NAMED.exec(instanceId)?.[1];
  return seq === undefined ? undefined : Number(seq);
};
