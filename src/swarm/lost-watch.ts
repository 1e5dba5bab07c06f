import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fewAtOnce, tellsAbsence } from '../core/index.ts'
import { type Clock, systemClock } from './discovery/clock.ts'

/** Files of a transfer of which some are gone or changed. */
export interface LostFiles {
  /** The file, or the folder of an album. */
  readonly path: string
  /**
   * The index of a file that is not as it was, or `undefined` where they all are.
   *
   * @param first looked at before the others
   */
  findAmiss(first: number | undefined): Promise<number | undefined>
}

interface Lost {
  readonly files: LostFiles
  readonly onBack: () => void
  /** The file that was amiss the last time: while it is, the others need no look. */
  amiss: number | undefined
}

const restMs = 5_000
const turnMs = 1_000
/** All are looked at within half a minute, or within a minute where each lies in a folder of its own, which takes a look too. */
const turnsPerRound = 25
const leastLooksPerTurn = 50
/** A process has four threads for the disk: looks that hang, as on a dead network disk, are not to take them all. */
const looksAtOnce = 2

/**
 * Looks for the lost files of all transfers of a swarm until they are as they were: each every few seconds where there are few, and
 * where there are many thousands a part of them each second. A folder that is gone speaks for all that is below it.
 */
export class LostWatch {
  readonly #clock: Clock
  readonly #lost = new Set<Lost>()
  /** Still to be looked at in this round. */
  #left: Lost[] = []
  #looksPerTurn = leastLooksPerTurn
  #looks = 0
  /** Whether folders are gone, as seen in this round. */
  readonly #areGone = new Map<string, Promise<boolean>>()
  #isTurning = false
  #cancel: (() => void) | undefined

  constructor(clock: Clock = systemClock) {
    this.#clock = clock
  }

  /** Calls `onBack` once, when the files are as they were, unless what it answers is called before. */
  watch(files: LostFiles, onBack: () => void): () => void {
    const lost: Lost = { files, onBack, amiss: undefined }
    this.#lost.add(lost)
    if (!this.#isTurning && !this.#cancel) this.#wait()
    return () => {
      if (this.#lost.delete(lost)) this.#restIfNone()
    }
  }

  #wait(): void {
    const ms = this.#left.length > 0 ? turnMs : restMs
    this.#cancel = this.#clock.after(ms, async () => {
      this.#cancel = undefined
      this.#isTurning = true
      await this.#turn()
      this.#isTurning = false
      if (this.#lost.size > 0) this.#wait()
      else this.#restIfNone()
    })
  }

  #restIfNone(): void {
    if (this.#lost.size > 0) return
    this.#left = []
    this.#areGone.clear()
    this.#cancel?.()
    this.#cancel = undefined
  }

  async #turn(): Promise<void> {
    if (this.#left.length === 0) {
      this.#left = [...this.#lost].reverse()
      this.#looksPerTurn = Math.max(leastLooksPerTurn, Math.ceil(this.#left.length / turnsPerRound))
      this.#areGone.clear()
    }
    this.#looks = 0
    await fewAtOnce(this.#due(), lost => this.#look(lost), looksAtOnce)
  }

  *#due(): Generator<Lost> {
    while (this.#left.length > 0 && this.#looks < this.#looksPerTurn) yield this.#left.pop()!
  }

  async #look(lost: Lost): Promise<void> {
    if (!this.#lost.has(lost) || (await this.#isGone(dirname(lost.files.path)))) return
    this.#looks++
    lost.amiss = await lost.files.findAmiss(lost.amiss).catch(() => lost.amiss ?? 0)
    if (lost.amiss === undefined && this.#lost.delete(lost)) lost.onBack()
  }

  #isGone(folder: string): Promise<boolean> {
    const known = this.#areGone.get(folder)
    if (known) return known
    const isGone = this.#lookForFolder(folder)
    this.#areGone.set(folder, isGone)
    return isGone
  }

  async #lookForFolder(folder: string): Promise<boolean> {
    const above = dirname(folder)
    if (above === folder) return false
    if (await this.#isGone(above)) return true
    this.#looks++
    return stat(folder).then(found => !found.isDirectory(), tellsAbsence)
  }
}
