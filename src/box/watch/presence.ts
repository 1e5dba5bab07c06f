import { readdir, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { P2pShareError } from '../../core/index.ts'
import type { SeenStore } from './seen-store.ts'
import type { Sharing } from './sharing.ts'

/** `back`: it was not there before, or is another folder than it was. */
export type PresenceState = 'same' | 'back' | 'missing'

/**
 * Whether a watched folder is there. Where it is not, such as when its disk is unmounted, what is shared from it is kept and held back
 * until it is there again. An empty place of mounting is told by its device, and by nothing being in it that was; where a folder of the
 * same disk was mounted, by being another folder with nothing in it at all.
 */
export class Presence {
  readonly #root: string
  readonly #seen: SeenStore
  readonly #sharing: Sharing
  #device: string | undefined
  /** Device and inode of the folder when it was last there. */
  #place: string | undefined
  /** The same while it is there. */
  #identity: string | undefined
  #problem: P2pShareError | undefined

  constructor(root: string, { seen, sharing }: { readonly seen: SeenStore; readonly sharing: Sharing }) {
    this.#root = root
    this.#seen = seen
    this.#sharing = sharing
  }

  /** The one that the folder is on. */
  get device(): string | undefined {
    return this.#device
  }

  get problem(): P2pShareError | undefined {
    return this.#problem
  }

  async look(): Promise<PresenceState> {
    const stats = await stat(this.#root, { bigint: true }).catch(() => undefined)
    const device = stats?.isDirectory() ? String(stats.dev) : undefined
    const identity = `${device} ${stats?.ino}`
    if (device === undefined || !(await this.#isItself(device, identity))) {
      this.#problem = stats && device === undefined ? noFolder(this.#root) : this.absence(this.#root)
      this.#identity = undefined
      this.#sharing.setMissing(this.#seen.inFolder(this.#root), this.#problem)
      return 'missing'
    }
    this.#problem = undefined
    if (identity === this.#identity) return 'same'
    this.#identity = identity
    this.#sharing.setMissing(this.#seen.inFolder(this.#root), undefined)
    return 'back'
  }

  absence(path: string): P2pShareError {
    return new P2pShareError(
      'ERR_PATH_NOT_FOUND',
      `${path} is not there: what is shared from it goes on once its disk is back`,
    )
  }

  async #isItself(device: string, identity: string): Promise<boolean> {
    this.#place ??= await this.#seen.placeOf(this.#root)
    if (identity !== this.#place) {
      if (await this.#isAnother(device)) return false
      this.#place = identity
      await this.#seen.keepPlace(this.#root, identity)
    }
    this.#device = device
    return true
  }

  /** Disks may have other numbers after the machine was started anew, and so may folders. */
  async #isAnother(device: string): Promise<boolean> {
    const known = this.#seen.inFolder(this.#root)
    if (this.#place === undefined || known.length === 0) return false
    const names = new Set(await readdir(this.#root).catch(() => []))
    const [deviceBefore, inodeBefore] = this.#place.split(' ')
    if (device === deviceBefore) return inodeBefore !== undefined && names.size === 0
    return !known.some(({ path }) => names.has(basename(path)))
  }
}

function noFolder(path: string): P2pShareError {
  return new P2pShareError(
    'ERR_PATH_NOT_FOUND',
    `${path} is no folder: watch the folder that it is in, or share it by p2pshare seed --box`,
  )
}
