import { P2pShareError } from '../../core/index.ts'

/**
 * The address that a site is reached at, without a slash at its end.
 * @throws {P2pShareError} `ERR_INVALID_ARGUMENT` where it is none, or has a path: the pages of a site are at its root
 */
export function publicOrigin(given: string | undefined): string | undefined {
  if (given === undefined) return undefined
  const url = URL.parse(given)
  const isPlain =
    url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username
  if (isPlain) return url.origin
  throw new P2pShareError(
    'ERR_INVALID_ARGUMENT',
    `"${given}" is no public address of a site: it takes one such as https://catalog.example.org`,
  )
}
