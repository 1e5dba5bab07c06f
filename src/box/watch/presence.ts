import { readdir, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { P2pShareError } from '../../core/index.ts'
import type { SeenStore } from './seen-store.ts'
import type { Sharing } from './sharing.ts'

/** `back`: it was not there before, or is another folder than it was. */
export type PresenceState = 'same' | 'back' | 'missing'

/**
 * Whether a watched folder is there. Where it is not, such as when its disk is unmounted, what is shared from it is kept and held back
 * until it is there again. An empty place of mounting is told by its device, and by nothing being in it that was.
 */
export class Presence {
  readonly #root: string
  readonly #seen: SeenStore
  readonly #sharing: Sharing
  #device: string | undefined
  /** Which folder it is. */
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
    if (!stats || device === undefined || !(await this.#isItsDisk(device))) {
      this.#problem = this.absence(this.#root)
      this.#identity = undefined
      this.#sharing.setMissing(this.#seen.inFolder(this.#root), this.#problem)
      return 'missing'
    }
    this.#problem = undefined
    const identity = `${device} ${stats.ino}`
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

  async #isItsDisk(device: string): Promise<boolean> {
    this.#device ??= await this.#seen.deviceOf(this.#root)
    if (device === this.#device) return true
    const known = this.#seen.inFolder(this.#root)
    // Disks may have other numbers after the machine was started anew.
    if (this.#device !== undefined && known.length > 0) {
      const names = new Set(await readdir(this.#root).catch(() => []))
      if (!known.some(({ path }) => names.has(basename(path)))) return false
    }
    this.#device = device
    await this.#seen.keepDevice(this.#root, device)
    return true
  }
}
