import { looksLikeMagnet, type Metainfo, mainInfoHash, readMagnet } from '../../core/index.ts'
import type { ItemLists } from './find-item.ts'
import { joinPeers } from './given-peers.ts'
import type { Item } from './item.ts'
import type { AddedItem, PutOptions } from './shelf-init.ts'
import type { ItemChanger } from './steer-item.ts'

/** As many as one request gives. */
const mostLabels = 100

/**
 * Somebody adds what is there already: its labels and peers are joined by those that are given now; where it lies, and whether it is
 * paused, stays.
 *
 * @param joined what the swarm was joined with for it
 * @throws {P2pShareError} `ERR_DATABASE`
 */
export async function addAgain(
  shelf: Pick<ItemChanger, 'change'>,
  item: Item,
  { labels = [], peers = [] }: Pick<PutOptions, 'labels' | 'peers'>,
  joined: Item['transfer'],
): Promise<AddedItem> {
  const { entry, transfer } = item
  for (const address of peers) transfer?.addPeer(address)
  const fresh = labels.filter(label => !entry.labels.includes(label))
  // What has failed is not begun anew by adding it: another reason kept it than that nobody asked.
  if (joined && joined !== transfer) await joined.stop()
  if (fresh.length === 0 && peers.length === 0) return { item, isNew: false }
  await shelf.change(item, {
    ...(fresh.length > 0 && { labels: [...new Set([...entry.labels, ...fresh])].slice(0, mostLabels) }),
    ...(peers.length > 0 && { peers: joinPeers(entry.peers, peers) }),
  })
  return { item, isNew: false }
}

/**
 * What is there already of what is to be added, as far as that can be told before it is fetched. It is not to be joined anew: it may lie
 * in another folder, and not have been begun yet.
 *
 * @throws {P2pShareError} `ERR_INVALID_MAGNET`
 */
export function knownOf(lists: Pick<ItemLists, 'lookUp'>, what: string | Metainfo): Item | undefined {
  if (typeof what !== 'string') return lists.lookUp(mainInfoHash(what))
  return looksLikeMagnet(what) ? lists.lookUp(mainInfoHash(readMagnet(what))) : undefined
}
