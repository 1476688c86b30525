import { createHash } from 'node:crypto';

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The hash of the tree without leaves (RFC 9162 §2.1.1). */
export const EMPTY_ROOT: Buffer = sha256();

/** SHA-256(0x00 ‖ content), RFC 9162 §2.1.1. */
export const hashLeaf = (content: Uint8Array): Buffer => sha256(LEAF, content);

/** SHA-256(0x01 ‖ left ‖ right), RFC 9162 §2.1.1. */
export const hashNode = (left: Uint8Array, right: Uint8Array): Buffer => sha256(NODE, left, right);
