import type { Owner } from '../../test/kit/owner.ts'
import type { ExternalPeer } from '../../test/kit/peers/external-peer.ts'
import { Libtorrent } from '../../test/kit/peers/libtorrent.ts'
import { NodePeer } from '../clients/node-peer.ts'

/** A client that one can tell how fast it may send, and ask how much it has sent. */
export interface Member extends ExternalPeer {
  /** Loads the program, so that its start does not count. */
  ready(): Promise<unknown>
  uploadedBytes(): Promise<number>
}

export type MemberName = 'p2pshare' | 'libtorrent' | 'webtorrent'

/** A member that takes part without a limit. */
export function makeLeech(owner: Owner, name: MemberName): Member {
  return name === 'libtorrent' ? new Libtorrent(owner) : new NodePeer(owner, name)
}

/** A member that has the content and sends so many bytes a second at most. Answers it and its address. */
export async function startCappedSeed(
  owner: Owner,
  name: MemberName,
  { torrent, folder, cap, maxPeers }: { torrent: Uint8Array; folder: string; cap: number; maxPeers: number },
): Promise<{ seed: Member; address: string }> {
  if (name !== 'libtorrent') {
    const seed = new NodePeer(owner, name, { uploadBytesPerSecond: cap, maxPeers })
    return { seed, address: await seed.seed(torrent, folder) }
  }
  const seed = new Libtorrent(owner)
  const address = await seed.seed(torrent, folder)
  await seed.limitUpload(cap)
  return { seed, address }
}
