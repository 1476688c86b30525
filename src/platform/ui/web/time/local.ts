/** An ISO time as `<input type="datetime-local">` wants it, in the browser's zone; empty for none. */
export function toLocalText(iso: string | undefined): string {
  const at = new Date(iso ?? Number.NaN);
  if (Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What such an input holds, as an ISO time in UTC; undefined while it is incomplete. */
export function fromLocalText(text: string): string | undefined {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
