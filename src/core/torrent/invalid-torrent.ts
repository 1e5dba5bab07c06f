import { P2pShareError } from '../errors.ts'

/** What a torrent that breaks the rules is refused with. */
export function invalidTorrent(what: string): P2pShareError {
  return new P2pShareError('ERR_INVALID_TORRENT', `Invalid torrent: ${what}`)
}
