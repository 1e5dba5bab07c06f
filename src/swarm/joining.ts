import {
  type CreatedTorrent,
  type Hex,
  type Magnet,
  type Metainfo,
  magnetLink,
  mainInfoHash,
  metainfoFromInfo,
  type P2pShareError,
} from '../core/index.ts'
import type { Content } from './content/content.ts'
import { sourceContent } from './content/source-content.ts'
import type { Identified } from './identify.ts'
import { type GetOptions, openDownload } from './open-download.ts'
import { splitByReach } from './reach.ts'
import type { ResumeFolder } from './store/resume.ts'
import { hashesOf } from './transfer-index.ts'
import type { Joining } from './transfer-init.ts'

// Shared, because there may be many thousands that have none.
const none: readonly string[] = []
const noneRefused: Joining['refused'] = { trackers: none, peers: none }

/** For a torrent that was made of files. */
export function joiningShared(
  created: CreatedTorrent,
  { peers = none, looksAgain }: { peers?: readonly string[] | undefined; looksAgain?: boolean | undefined },
): Joining {
  const { metainfo } = created
  return {
    infoHash: mainInfoHash(metainfo),
    infoHashV2: besideV1(mainInfoHash(metainfo), metainfo.infoHashV2),
    name: metainfo.name,
    trackers: metainfo.trackers.flat(),
    trustedTrackers: metainfo.trackers.flat(),
    peers,
    refused: noneRefused,
    webSeeds: none,
    allowsPrivate: false,
    isPrivate: metainfo.isPrivate,
    looksAgain,
    readInfo: () => metainfo,
    open: async (_, onLost) => sourceContent(created, onLost),
    magnetLink: () => magnetLink(metainfo),
  }
}

/** What is remembered of downloads, and the locks on them. */
export interface DownloadPlaces {
  readonly resume: ResumeFolder
  readonly lockFolder: string
}

/** For a torrent that is fetched; its metainfo may be known from an earlier run. */
export class JoiningFetched implements Joining {
  readonly infoHash: Hex
  readonly infoHashV2: Hex | undefined
  readonly name: string
  readonly trackers: readonly string[]
  readonly trustedTrackers: readonly string[]
  readonly peers: readonly string[]
  readonly refused: Joining['refused']
  readonly webSeeds: readonly string[]
  readonly allowsPrivate: boolean
  readonly isPrivate: boolean
  readonly #magnet: Magnet | undefined
  readonly #options: GetOptions
  readonly #places: DownloadPlaces

  constructor(
    { infoHash, infoHashV2, magnet, isAskedFor }: Identified,
    metainfo: Metainfo | undefined,
    options: GetOptions,
    places: DownloadPlaces,
  ) {
    const allow = options.allowPrivateAddresses ?? isAskedFor
    const trackers = splitByReach([...(magnet?.trackers ?? []), ...(metainfo?.trackers.flat() ?? [])], allow)
    const peers = splitByReach(magnet?.peers ?? none, allow)
    const named = options.trackers ?? none
    this.infoHash = infoHash
    this.infoHashV2 = besideV1(infoHash, infoHashV2 ?? metainfo?.infoHashV2)
    this.name = metainfo?.name ?? magnet?.name ?? infoHash
    this.trackers = distinct(named, trackers.reachable)
    this.trustedTrackers = allow ? this.trackers : named
    this.peers = distinct(options.peers ?? none, peers.reachable)
    const isAnyRefused = trackers.refused.length + peers.refused.length > 0
    this.refused = isAnyRefused ? { trackers: trackers.refused, peers: peers.refused } : noneRefused
    const webSeeds = [...(magnet?.webSeeds ?? none), ...(metainfo?.webSeeds ?? none)]
    this.webSeeds = webSeeds.length > 0 ? splitByReach(webSeeds, allow).reachable : none
    this.allowsPrivate = allow
    this.isPrivate = metainfo?.isPrivate ?? false
    this.#magnet = magnet
    this.#options = options
    this.#places = places
  }

  readInfo(infoBytes: Uint8Array): Metainfo {
    return metainfoFromInfo(infoBytes, {
      trackers: (this.#magnet?.trackers ?? []).map(url => [url]),
      webSeeds: this.#magnet?.webSeeds,
    })
  }

  open(metainfo: Metainfo, onLost: (error: P2pShareError) => void, signal: AbortSignal): Promise<Content> {
    const [options, magnet] = [this.#options, this.#magnet]
    return openDownload(metainfo, this.infoHash, { options, magnet, ...this.#places, onLost, signal })
  }

  async saveTorrent(metainfo: Metainfo): Promise<void> {
    for (const hash of new Set([this.infoHash, mainInfoHash(metainfo)]))
      await this.#places.resume.saveTorrent(hash, metainfo.bytes)
  }

  magnetLink(metainfo: Metainfo | undefined): string {
    return magnetLink(metainfo ?? this.#magnet ?? hashesOf(this.infoHash))
  }
}

function besideV1(infoHash: Hex, infoHashV2: Hex | undefined): Hex | undefined {
  return infoHashV2 === infoHash ? undefined : infoHashV2
}

function distinct(one: readonly string[], other: readonly string[]): readonly string[] {
  return one.length + other.length > 0 ? [...new Set([...one, ...other])] : none
}
