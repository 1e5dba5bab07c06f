import { type Hex, type Metainfo, mainInfoHash, P2pShareError, Turns } from '../../core/index.ts'
import type { FetchTerms } from '../shelf/shelf-init.ts'
import type { Mirrored } from './mirrored.ts'
import { isFollowed, isPrivateFeed } from './offer.ts'
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

/** A torrent of empty files is of no size, and yet fills the disk with names. */
const maxFiles = 20_000

/**
 * Looks at what is followed once its real size is known, before anything of it is written: what a listing claims is not to be
 * believed. What was let in once always goes on.
 */
export class Admission {
  readonly #init: AdmissionInit
  /** Let in, and not on the shelf yet, where others would see it. */
  readonly #coming = new Map<Hex, Held>()
  /** One after another: two that are looked at at once would each have room without the other, or neither with it. */
  readonly #looks = new Turns(1)

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
  admit(metainfo: Metainfo, origin: string): Promise<void> {
    return this.#looks.run(() => this.#admit(metainfo, origin))
  }

  /** What was let in is on the shelf by now, or nothing came of it. */
  settled(): void {
    this.#coming.clear()
  }

  async #admit(metainfo: Metainfo, origin: string): Promise<void> {
    const { mirrored } = this.#init
    const hashes = [metainfo.infoHash, metainfo.infoHashV2].filter(hash => hash !== undefined)
    if (hashes.some(hash => mirrored.get(hash)?.isAdmitted)) return
    const { sizeBytes, name } = metainfo
    const listedAs = hashes.find(hash => mirrored.get(hash)) ?? mainInfoHash(metainfo)
    await mirrored.note(listedAs, { sizeBytes })
    const why = await this.#against(metainfo, hashes, origin)
    if (why !== undefined) throw new P2pShareError('ERR_TORRENT_TOO_LARGE', `${name} has ${why}`)
    await mirrored.note(listedAs, { isAdmitted: true })
  }

  /** What of it is more than the settings allow; `undefined` where it is let in. */
  async #against(
    { sizeBytes, files, name }: Metainfo,
    hashes: readonly Hex[],
    origin: string,
  ): Promise<string | undefined> {
    const tooLarge = (setting: string) =>
      `${sizeBytes} bytes, more than ${setting} under [follow] in the settings allows: change that, and resume it`
    const fileCount = files.filter(({ isPad }) => !isPad).length
    if (fileCount > maxFiles)
      return `${fileCount} files, more than the ${maxFiles} that what is followed may have`
    if (sizeBytes > (this.#init.maxSizeOf(origin) ?? sizeBytes)) return tooLarge('max_size')
    const { held, quotaBytes = Number.POSITIVE_INFINITY, ...room } = await this.#init.room()
    const keys = new Set(held.map(({ key }) => key))
    const coming = [...this.#coming.values()].filter(({ key }) => !keys.has(key))
    const others = [...held, ...coming].filter(({ key }) => !hashes.includes(key))
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
    if (sum(others.map(other => other.sizeBytes)) + sizeBytes > quotaBytes) return tooLarge('quota')
    const toCome = sum(others.map(({ missingBytes }) => missingBytes))
    if (room.freeBytes - toCome - sizeBytes < room.keepFreeBytes) return tooLarge('keep_free')
    const isHere = hashes.some(hash => keys.has(hash))
    const [key] = hashes
    if (!isHere && key !== undefined)
      this.#coming.set(key, { key, id: 0, name, sizeBytes, missingBytes: sizeBytes, origin })
    return undefined
  }
}
