/** Up to what ends a sentence behind it. */
const address = /https?:\/\/[^\s"<>]+?(?=[:;,.)]*(?:[\s"<>]|$))/gi

/** An address as it may be told and logged: many feeds have a key in theirs, which stands behind the path or before the host. */
export function withoutKeys(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

/** What a person may be told of an error, whatever addresses it names: a redirect has keys as well. */
export function messageWithoutKeys({ message }: Error): string {
  return message.replace(address, url => (URL.canParse(url) ? withoutKeys(url) : url))
}
