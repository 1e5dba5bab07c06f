import {
  type CreatedTorrent,
  type Hex,
  type Metainfo,
  magnetLink,
  mainInfoHash,
  metainfoFromInfo,
} from '../core/index.ts'
import { sourceContent } from './content/source-content.ts'
import type { Identified } from './identify.ts'
import { type GetOptions, openDownload } from './open-download.ts'
import { splitByReach } from './reach.ts'
import type { ResumeFolder } from './store/resume.ts'
import { hashesOf } from './transfer-index.ts'
import type { TransferInit } from './transfer-init.ts'

/** What has to be known to join the swarm of a torrent. */
export interface Joining extends Omit<TransferInit, 'join' | 'givenPeers' | 'channels' | 'onEnd'> {
  /** Beside a v1 info-hash. */
  readonly infoHashV2: Hex | undefined
  readonly trackers: readonly string[]
  readonly trustedTrackers: readonly string[]
  readonly peers: readonly string[]
  readonly isPrivate: boolean
}

/** For a torrent that was made of files. */
export function joiningShared(created: CreatedTorrent, peers: readonly string[]): Joining {
  const { metainfo } = created
  return {
    infoHash: mainInfoHash(metainfo),
    infoHashV2: metainfo.infoHashV2,
    name: metainfo.name,
    trackers: metainfo.trackers.flat(),
    trustedTrackers: metainfo.trackers.flat(),
    peers,
    refused: { trackers: [], peers: [] },
    webSeeds: [],
    allowsPrivate: false,
    isPrivate: metainfo.isPrivate,
    readInfo: () => metainfo,
    open: async (_, onLost) => sourceContent(created, onLost),
    magnetLink: () => magnetLink(metainfo),
  }
}

/** For a torrent that is fetched; its metainfo may be known from an earlier run. */
export function joiningFetched(
  { infoHash, infoHashV2, magnet, isAskedFor }: Identified,
  metainfo: Metainfo | undefined,
  options: GetOptions,
  { resume, lockFolder }: { resume: ResumeFolder; lockFolder: string },
): Joining {
  const allow = options.allowPrivateAddresses || isAskedFor
  const trackers = splitByReach([...(magnet?.trackers ?? []), ...(metainfo?.trackers.flat() ?? [])], allow)
  const peers = splitByReach(magnet?.peers ?? [], allow)
  const webSeeds = [...(magnet?.webSeeds ?? []), ...(metainfo?.webSeeds ?? [])]
  const named = options.trackers ?? []
  return {
    infoHash,
    infoHashV2: infoHashV2 ?? metainfo?.infoHashV2,
    name: metainfo?.name ?? magnet?.name ?? infoHash,
    trackers: [...new Set([...named, ...trackers.reachable])],
    trustedTrackers: allow ? [...named, ...trackers.reachable] : named,
    peers: [...new Set([...(options.peers ?? []), ...peers.reachable])],
    refused: { trackers: trackers.refused, peers: peers.refused },
    webSeeds: splitByReach(webSeeds, allow).reachable,
    allowsPrivate: allow,
    isPrivate: metainfo?.isPrivate ?? false,
    readInfo: infoBytes =>
      metainfoFromInfo(infoBytes, {
        trackers: (magnet?.trackers ?? []).map(url => [url]),
        webSeeds: magnet?.webSeeds,
      }),
    open: (found, onLost, signal) =>
      openDownload(found, infoHash, { options, magnet, resume, lockFolder, onLost, signal }),
    saveTorrent: async found => {
      for (const hash of new Set([infoHash, mainInfoHash(found)])) await resume.saveTorrent(hash, found.bytes)
    },
    magnetLink: found => magnetLink(found ?? magnet ?? hashesOf(infoHash)),
  }
}
