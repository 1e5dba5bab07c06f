import type { P2pShareError } from '../../core/index.ts'
import { lossOf } from '../../swarm/index.ts'
import type { BoxClock } from '../clock.ts'
import type { Item } from './item.ts'
import type { Shelf } from './shelf.ts'

export interface SharedFilesInit {
  readonly shelf: Shelf
  readonly clock: BoxClock
  readonly onProblem: (what: string, error: unknown) => void
}

const turnMs = 5_000
/** All are looked at within a minute, unless that takes more looks than this a turn: then one after another, however long it takes. */
const turnsPerRound = 12
const filesPerTurn = 250

/**
 * Notices that files have gone or changed, and that they are back, whether or not a peer asks for them: they are looked at in turns, a
 * few at a time. What lies in watched folders is looked after there.
 */
export class SharedFiles {
  readonly #init: SharedFilesInit
  /** Still to be looked at in this round, the next one last. */
  #left: Item[] = []
  #itemsPerTurn = 1
  /** Looks that an album took beyond those of its turn: so many are spared in the next ones. */
  #owed = 0
  #cancel = () => {}
  #turning: Promise<void> | undefined
  #isStopped = false

  constructor(init: SharedFilesInit) {
    this.#init = init
  }

  start(): void {
    if (this.#isStopped) return
    this.#cancel = this.#init.clock.after(turnMs, () => {
      this.#turning = this.#turn()
        .catch(error => this.#init.onProblem('Shared files cannot be looked at', error))
        .finally(() => this.start())
    })
  }

  /** Waits for the look that is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancel()
    await this.#turning
  }

  async #turn(): Promise<void> {
    this.#owed = Math.max(0, this.#owed - filesPerTurn)
    if (this.#left.length === 0) {
      this.#left = this.#init.shelf.items().filter(isLookedAfter).reverse()
      this.#itemsPerTurn = Math.ceil(this.#left.length / turnsPerRound)
    }
    for (let turn = 0; turn < this.#itemsPerTurn && this.#owed < filesPerTurn; turn++) {
      const item = this.#left.pop()
      if (!item || this.#isStopped) return
      this.#owed += await this.#look(item)
    }
  }

  /** Answers how many looks it took. */
  async #look(item: Item): Promise<number> {
    const { shelf } = this.#init
    if (shelf.lookUp(item.id) !== item) return 0
    if (item.entry.source.kind === 'get') return (await item.transfer?.look()) ?? 0
    const sources = await shelf.sources(item)
    let looks = 0
    let lost: P2pShareError | undefined
    for (const source of sources) {
      looks++
      lost = await lossOf(source.source, source)
      if (lost || this.#isStopped) break
    }
    const isKept = shelf.lookUp(item.id) === item && !this.#isStopped
    if (isKept && lost?.message !== item.missing?.message) shelf.setMissing([item], lost)
    return looks
  }
}

function isLookedAfter({ entry }: Item): boolean {
  return entry.source.kind === 'get' || !entry.origin.startsWith('watch:')
}
