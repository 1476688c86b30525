/** What the provider told this page after the #, where only the browser sees it. */
export const readFacts = (): URLSearchParams => new URLSearchParams(window.location.hash.slice(1));

/** Sends one of the provider's forms, and answers where to go on. */
export const sendStep = async (
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<string> => {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { accept: 'text/html', 'sanjiang-step': 'yes' },
    body: new URLSearchParams(fields),
  });
  const { location } = (await answer.json()) as { location: string };
  return location;
};
