import { joinPeers } from './given-peers.ts'
import type { Item } from './item.ts'
import type { PutOptions } from './shelf-init.ts'
import type { ItemChanger } from './steer-item.ts'

/** As many as one request gives. */
const mostLabels = 100

/**
 * Somebody adds what is there already: its labels and peers are joined by those that are given now; where it lies, and whether it is
 * paused, stays.
 *
 * @throws {P2pShareError} `ERR_DATABASE`
 */
export async function addAgain(
  shelf: Pick<ItemChanger, 'change'>,
  item: Item,
  { labels = [], peers = [] }: Pick<PutOptions, 'labels' | 'peers'>,
): Promise<void> {
  const { entry, transfer } = item
  for (const address of peers) transfer?.addPeer(address)
  const fresh = labels.filter(label => !entry.labels.includes(label))
  if (fresh.length === 0 && peers.length === 0) return
  await shelf.change(item, {
    ...(fresh.length > 0 && { labels: [...new Set([...entry.labels, ...fresh])].slice(0, mostLabels) }),
    ...(peers.length > 0 && { peers: joinPeers(entry.peers, peers) }),
  })
}
