/** An address as it may be shown: without its query, which may hold a secret, and without who asks. */
export function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
