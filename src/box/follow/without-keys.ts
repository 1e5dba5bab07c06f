/** An address as it may be told and logged: many feeds have a key in theirs, which stands behind the path or before the host. */
export function withoutKeys(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}
