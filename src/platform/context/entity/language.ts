/** A language range of the filter (clause 4.15, RFC 3282): a tag or `*`, by falling weight. */
const rangesOf = (filter: string): string[] =>
  filter
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(/\s*;\s*/);
      const weight = parameters.find((parameter) => /^q=/i.test(parameter));
      return { tag: tag.toLowerCase(), weight: weight ? Number(weight.slice(2)) : 1 };
    })
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);

/** The range itself, then cut from its end; then what is more exact than it (RFC 4647, section 3.4). */
const lookUp = (range: string, tags: readonly string[]): string | undefined => {
  const subtags = range.split('-');
  for (let length = subtags.length; length > 0; length -= 1) {
    const wanted = subtags.slice(0, length).join('-');
    const found = tags.find((tag) => tag.toLowerCase() === wanted);
    if (found !== undefined) return found;
  }
  return tags.find((tag) => tag.toLowerCase().startsWith(`${range}-`));
};

/** The key of a language map that a language filter chooses; where none fits, that without a language or else the first. */
export const chooseLanguage = (
  map: Readonly<Record<string, unknown>>,
  filter: string,
): string | undefined => {
  const tags = Object.keys(map);
  for (const range of rangesOf(filter)) {
    if (range === '*') break;
    const found = lookUp(range, tags);
    if (found !== undefined) return found;
  }
  return tags.includes('@none') ? '@none' : tags[0];
};
