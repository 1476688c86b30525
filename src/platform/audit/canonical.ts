import { must } from '#kernel/errors';

/**
 * JSON in the one form that everybody writes alike (RFC 8785, JSON Canonicalization Scheme): members in order of their
 * UTF-16 code units (§3.2.3), numbers and strings as ECMAScript writes them (§3.2.2), no spaces. Members that are
 * undefined are left out, as JSON does. Halves of surrogate pairs and numbers that are none are bugs of the caller.
 */
export const canonical = (value: unknown): string => {
  if (value === null || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number') {
    must(Number.isFinite(value), 'JSON has no such number');
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    must(value.isWellFormed(), 'half a character cannot be written as UTF-8');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((v) => canonical(v ?? null)).join(',')}]`;
  must(typeof value === 'object', 'only JSON can be made canonical');
  if ('toJSON' in value && typeof value.toJSON === 'function') return canonical(value.toJSON());
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${canonical(name)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
};
