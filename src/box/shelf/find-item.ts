import { P2pShareError } from '../../core/index.ts'
import type { Item } from './item.ts'

/**
 * The one of that name, or whose info-hash begins so.
 * @throws {P2pShareError} `ERR_NO_SUCH_TRANSFER` where there is none, or several
 */
export function findItem(items: Iterable<Item>, text: string): Item {
  const found = [...items].filter(
    ({ infoHash, name }) => name === text || (text.length >= 6 && infoHash.startsWith(text.toLowerCase())),
  )
  if (found.length === 1) return found[0]!
  throw new P2pShareError(
    'ERR_NO_SUCH_TRANSFER',
    found.length === 0
      ? `The box has no transfer "${text.slice(0, 100)}"`
      : `"${text.slice(0, 100)}" may be any of ${found.length} transfers: say its number`,
  )
}
