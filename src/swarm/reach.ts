import { isPublicAddress } from '../core/index.ts'

/** Addresses out of an untrusted torrent or magnet link, by whether they may be contacted unasked. */
export interface Reach {
  readonly reachable: readonly string[]
  /** At a private or loopback address. */
  readonly refused: readonly string[]
}

/** Splits URLs or `host:port` addresses; `allowPrivate` lets all of them through. */
export function splitByReach(addresses: readonly string[], allowPrivate: boolean): Reach {
  if (allowPrivate) return { reachable: addresses, refused: [] }
  const reachable: string[] = []
  const refused: string[] = []
  for (const address of addresses) (isPublicAddress(hostOf(address)) ? reachable : refused).push(address)
  return { reachable, refused }
}

function hostOf(address: string): string {
  const url = address.includes('://') ? address : `tcp://${address}`
  return URL.canParse(url) ? new URL(url).hostname : ''
}
