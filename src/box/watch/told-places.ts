import { join } from 'node:path'
import { hasLocation } from '../../core/index.ts'
import type { Found } from './found.ts'
import type { Sharing } from './sharing.ts'

export interface ToldPlacesInit {
  /** The watched folder. */
  readonly root: string
  readonly sharing: Pick<Sharing, 'run' | 'signal'>
  readonly onNotice: (message: string) => void
}

/** Of an album: one that tells places mostly does so in each. */
const maxFiles = 20
/** Of what was shared in earlier runs. */
const maxKnown = 200

/**
 * Notices that a folder shares what tells where it was taken, though nobody said whether it may. Only the beginning of a file is read,
 * and nothing more once there is one.
 */
export class ToldPlaces {
  readonly #init: ToldPlacesInit
  #teller: { readonly path: string; readonly notice: string } | undefined
  #knownLeft = maxKnown

  constructor(init: ToldPlacesInit) {
    this.#init = init
  }

  get notices(): readonly string[] {
    return this.#teller ? [this.#teller.notice] : []
  }

  /** Looks, in its turn, at something that is shared since an earlier run, unless there were many. */
  lookLater(found: Found): void {
    if (this.#teller || this.#knownLeft === 0) return
    this.#knownLeft--
    void this.#init.sharing.run(() => this.look(found)).catch(() => {})
  }

  /** Looks at what is shared. Never rejects. */
  async look({ path, files }: Pick<Found, 'path' | 'files'>): Promise<void> {
    const { root, sharing, onNotice } = this.#init
    const { signal } = sharing
    for (const file of files.slice(0, maxFiles)) {
      if (this.#teller || signal.aborted) return
      const source = join(path, file.path)
      const tells = await hasLocation(source, { signal, isQuick: true }).catch(() => false)
      if (!tells || this.#teller) continue
      const notice = `${root} shares photos or videos that tell where they were taken, such as ${source}: say location = "strip" for copies that do not, or "keep"`
      this.#teller = { path, notice }
      onNotice(notice)
    }
  }

  /** Something is gone, or its rules say now whether it may tell; without a path all of them do. */
  forget(path?: string): void {
    if (path !== undefined && this.#teller?.path !== path) return
    if (this.#teller) this.#knownLeft = maxKnown
    this.#teller = undefined
  }
}
