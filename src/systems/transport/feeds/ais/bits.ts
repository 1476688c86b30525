/** Longest message: five slots, 1,192 bits (ITU-R M.1371-5, annex 2, 3.3.7), and some room for the fill. */
const PAYLOAD_CHARS_MAX = 240;

/** Reads numbers and text out of a message. Bits count from 0; what lies behind the end reads as zero. */
export type Bits = {
  readonly length: number;
  readonly unsigned: (from: number, bits: number) => number;
  /** Two's complement. */
  readonly signed: (from: number, bits: number) => number;
  readonly flag: (at: number) => boolean;
  /** Six-bit ASCII up to the first `@`, trailing blanks removed (M.1371-5, annex 8, table 47). Undefined where empty. */
  readonly text: (from: number, characters: number) => string | undefined;
};

/** Undoes the armour of IEC 61162-1: a printable character for six bits. Undefined where a character is none of the 64. */
export const openBits = (payload: string, fillBits: number): Bits | undefined => {
  if (payload.length > PAYLOAD_CHARS_MAX) return undefined;
  const sextets = new Uint8Array(payload.length);
  for (let i = 0; i < payload.length; i += 1) {
    const code = payload.charCodeAt(i);
    if (code >= 48 && code <= 87) sextets[i] = code - 48;
    else if (code >= 96 && code <= 119) sextets[i] = code - 56;
    else return undefined;
  }
  const length = Math.max(0, payload.length * 6 - fillBits);

  const bit = (at: number): number =>
    at < length ? (sextets[Math.trunc(at / 6)]! >> (5 - (at % 6))) & 1 : 0;
  const unsigned = (from: number, bits: number): number => {
    let value = 0;
    for (let at = from; at < from + bits; at += 1) value = value * 2 + bit(at);
    return value;
  };
  const signed = (from: number, bits: number): number =>
    unsigned(from, bits) - (bit(from) ? 2 ** bits : 0);
  const text = (from: number, characters: number): string | undefined => {
    let read = '';
    for (let i = 0; i < characters && from + i * 6 + 6 <= length; i += 1) {
      const code = unsigned(from + i * 6, 6);
      if (code === 0) break;
      read += String.fromCharCode(code < 32 ? code + 64 : code);
    }
    return read.trimEnd() || undefined;
  };
  return { length, unsigned, signed, flag: (at) => bit(at) === 1, text };
};
