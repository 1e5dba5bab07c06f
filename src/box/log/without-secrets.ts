const address = /\b([a-z][a-z\d+.-]{0,20}:\/\/)(?:[^\s/?#@"'<>]*@)?([^\s/?#@"'<>),;]+)([/?#][^\s"'<>)]*)?/gi
const magnet = /\bmagnet:\?[^\s"'<>)]*/gi

/** A text for the log: secrets are left out of it, of web addresses all behind the host, where keys of trackers may be. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '…')
  return clean
    .replace(magnet, 'magnet:…')
    .replace(address, (_, scheme, host, rest = '') => `${scheme}${host}${withoutPath(rest)}`)
}

/** What ends a sentence, or stands before why, is no part of an address. */
function withoutPath(rest: string): string {
  const end = /[:;,.]*$/.exec(rest)![0]
  const path = rest.slice(0, rest.length - end.length)
  return `${path === '' || path === '/' ? '' : '/…'}${end}`
}
