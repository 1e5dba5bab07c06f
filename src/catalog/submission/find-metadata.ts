import {
  type AbortOptions,
  type Metainfo,
  mainInfoHash,
  P2pShareError,
  readMagnet,
} from '../../core/index.ts'
import type { Swarm } from '../../swarm/index.ts'

/** What of a swarm is needed to look for metadata. */
export type MetadataSwarm = Pick<Swarm, 'get' | 'transfers'>

/**
 * Fetches the metadata of a magnet link from its swarm, and nothing else: no folder is made, no piece is asked for.
 * Private addresses in the link are not contacted.
 *
 * @param peers asked first, `host:port`
 * @throws {P2pShareError} `ERR_UNSUPPORTED_TORRENT`, `ERR_INVALID_TORRENT`, `ERR_METADATA_MISMATCH`; aborting leaves the swarm
 */
export async function findMetadata(
  swarm: MetadataSwarm,
  magnet: string,
  { peers, signal }: { peers: readonly string[] } & AbortOptions,
): Promise<Metainfo> {
  const wanted = readMagnet(magnet)
  // What the site shares or fetches anyhow is not ours to stop.
  const { infoHashV2 } = wanted
  const known = swarm
    .transfers()
    .find(
      ({ infoHash, metainfo }) =>
        infoHash === mainInfoHash(wanted) || (infoHashV2 && metainfo?.infoHashV2 === infoHashV2),
    )
  if (known) return checked(await known.metadata({ signal }), wanted.infoHashV2)
  const transfer = await swarm.get(magnet, { peers, prepare: refuse })
  try {
    return checked(await transfer.metadata({ signal }), wanted.infoHashV2)
  } finally {
    await transfer.stop()
  }
}

/** Called by the swarm before it looks for a place to put files. */
function refuse(): never {
  throw new P2pShareError('ERR_STOPPED', 'Only the metadata was wanted')
}

function checked(metainfo: Metainfo, infoHashV2: string | undefined): Metainfo {
  if (infoHashV2 === undefined || metainfo.infoHashV2 === infoHashV2) return metainfo
  throw new P2pShareError(
    'ERR_METADATA_MISMATCH',
    'The two info-hashes of the magnet link are of two torrents',
  )
}
