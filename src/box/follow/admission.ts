import { type Hex, isPublicAddress, type Metainfo, mainInfoHash, P2pShareError } from '../../core/index.ts'
import type { FetchTerms } from '../shelf/shelf-init.ts'
import type { Mirrored } from './mirrored.ts'
import { isFollowed } from './offer.ts'
import type { Held } from './plan.ts'

/** What there is room for at the moment, in bytes. */
export interface Room {
  readonly held: readonly Held[]
  /** For all that is followed together; `undefined` is without limit. */
  readonly quotaBytes: number | undefined
  /** Of the disk, beside what other transfers have still to fetch. */
  readonly freeBytes: number
  readonly keepFreeBytes: number
}

export interface AdmissionInit {
  readonly mirrored: Mirrored
  readonly room: () => Promise<Room>
  /** The largest that is asked for of an origin. */
  readonly maxSizeOf: (origin: string) => number | undefined
}

/**
 * Looks at what is followed once its real size is known, before anything of it is written: what a listing claims is not to be
 * believed. What was let in once always goes on.
 */
export class Admission {
  readonly #init: AdmissionInit

  constructor(init: AdmissionInit) {
    this.#init = init
  }

  /** How a transfer of an origin is fetched. */
  terms(origin: string): FetchTerms {
    if (!isFollowed(origin)) return {}
    return {
      prepare: metainfo => this.admit(metainfo, origin),
      allowPrivateAddresses: isPrivateFeed(origin),
    }
  }

  /** @throws {P2pShareError} `ERR_TORRENT_TOO_LARGE` where there is no room for it */
  async admit(metainfo: Metainfo, origin: string): Promise<void> {
    const { mirrored, maxSizeOf } = this.#init
    const hashes = [metainfo.infoHash, metainfo.infoHashV2].filter(hash => hash !== undefined)
    if (hashes.some(hash => mirrored.get(hash)?.isAdmitted)) return
    const { sizeBytes, name } = metainfo
    const listedAs = hashes.find(hash => mirrored.get(hash)) ?? mainInfoHash(metainfo)
    await mirrored.note(listedAs, { sizeBytes })
    const why =
      sizeBytes > (maxSizeOf(origin) ?? sizeBytes) ? 'max_size' : await this.#lacks(sizeBytes, hashes)
    if (why)
      throw new P2pShareError(
        'ERR_TORRENT_TOO_LARGE',
        `${name} has ${sizeBytes} bytes, more than ${why} of what is followed allows`,
      )
    await mirrored.note(listedAs, { isAdmitted: true })
  }

  /** The setting that stands against it. */
  async #lacks(sizeBytes: number, hashes: readonly Hex[]): Promise<string | undefined> {
    const { held, quotaBytes = Number.POSITIVE_INFINITY, freeBytes, keepFreeBytes } = await this.#init.room()
    const others = held.filter(({ key }) => !hashes.includes(key))
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
    if (sum(others.map(other => other.sizeBytes)) + sizeBytes > quotaBytes) return 'the quota'
    const toCome = sum(others.map(({ missingBytes }) => missingBytes))
    return freeBytes - toCome - sizeBytes < keepFreeBytes ? 'keep_free' : undefined
  }
}

/** A person who wrote down an address of their own network means what is there. */
function isPrivateFeed(origin: string): boolean {
  return origin.startsWith('feed:') && !isPublicAddress(new URL(origin.slice('feed:'.length)).hostname)
}
