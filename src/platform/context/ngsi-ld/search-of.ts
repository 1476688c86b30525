/** What a query of RFC 3986 lets stand for itself, as ids and lists of names are full of it. */
const PLAIN = /%(?:3A|2C|2F|40|3B)/g;

/** Parameters as the query of an address, as readable as it may be. */
export const searchOf = (parameters: URLSearchParams): string =>
  [...parameters]
    .map(
      ([name, value]) => `${name}=${encodeURIComponent(value).replace(PLAIN, decodeURIComponent)}`,
    )
    .join('&');
