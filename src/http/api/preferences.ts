/** What a client would like best (RFC 7240), as far as our APIs heed it. */
export interface Preferences {
  /** An answer at once, where the work takes long. */
  readonly respondsAsync: boolean
  /** How long it would rather wait for an answer, in seconds; 0 where it does not say. */
  readonly waitSeconds: number
}

/** @param header `Prefer`; several of them are joined by commas */
export function readPreferences(header: string | undefined): Preferences {
  const wanted = new Map<string, string>()
  for (const part of (header ?? '').split(',')) {
    const [name = '', value = ''] = part.split(';', 1)[0]!.split('=')
    const key = name.trim().toLowerCase()
    // Said twice, the first counts.
    if (!wanted.has(key)) wanted.set(key, value.trim().replace(/^"(.*)"$/, '$1'))
  }
  const wait = wanted.get('wait') ?? ''
  return {
    respondsAsync: wanted.has('respond-async'),
    waitSeconds: /^\d{1,9}$/.test(wait) ? Number(wait) : 0,
  }
}
