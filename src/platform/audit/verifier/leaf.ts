import { createHmac } from 'node:crypto';
import type { Leaf } from './lines.ts';
import { leafHash } from './tree.ts';

const hmac = (salt: string, text: string) =>
  createHmac('sha256', Buffer.from(salt, 'hex')).update(text).digest('hex');

const saidOfPersonal = (content: string): unknown => {
  try {
    return (JSON.parse(content) as { personal?: unknown } | null)?.personal;
  } catch {
    return undefined;
  }
};

/** What is wrong with an entry by itself: its content against its hash, its personal part against its content. */
export const faultOfLeaf = ({ content, hash, salt, personal }: Leaf): string | undefined => {
  if (content === undefined)
    return personal === undefined && salt === undefined
      ? undefined
      : 'it holds what is personal without its content';
  if (leafHash(content).toString('hex') !== hash) return 'its content is not what its hash says';
  if ((personal === undefined) !== (salt === undefined))
    return 'of its personal part and the salt of that only one is there';
  if (personal === undefined || salt === undefined) return undefined;
  return hmac(salt, `personal\n${personal}`) === saidOfPersonal(content)
    ? undefined
    : 'its personal part is not what its content says';
};
