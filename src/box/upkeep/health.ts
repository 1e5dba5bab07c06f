import { randomBytes } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { raceAbort } from '../../core/index.ts'
import type { BoxDatabase } from '../database/open-box-database.ts'

export interface HealthInit {
  readonly database: BoxDatabase
  /** What must be writable. */
  readonly stateFolder: string
  readonly isSwarmUp: () => boolean
}

export interface HealthReport {
  readonly isOk: boolean
  /** Whether it answers in time. */
  readonly database: boolean
  readonly swarm: boolean
  /** Whether the disk of the state can be written. */
  readonly state: boolean
}

const timeoutMs = 2_000
/** Whoever asks more often gets the same answer: it is given without a token. */
const freshMs = 2_000

/** Looks whether the box really works. */
export class Health {
  readonly #init: HealthInit
  #last: { readonly report: Promise<HealthReport>; readonly atMs: number } | undefined

  constructor(init: HealthInit) {
    this.#init = init
  }

  look(): Promise<HealthReport> {
    const nowMs = performance.now()
    if (!this.#last || nowMs - this.#last.atMs > freshMs) this.#last = { report: this.#look(), atMs: nowMs }
    return this.#last.report
  }

  async #look(): Promise<HealthReport> {
    const { database, stateFolder, isSwarmUp } = this.#init
    const path = join(stateFolder, `.health-${randomBytes(6).toString('hex')}`)
    const [answers, writes] = await Promise.all([
      isDoneInTime(() => sql`select 1 from transfer limit 1`.execute(database)),
      isDoneInTime(() => writeFile(path, 'ok', { flag: 'wx', mode: 0o600 })),
    ])
    void rm(path, { force: true }).catch(() => {})
    const swarm = isSwarmUp()
    return { isOk: answers && writes && swarm, database: answers, swarm, state: writes }
  }
}

async function isDoneInTime(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await raceAbort(work(), AbortSignal.timeout(timeoutMs))
    return true
  } catch {
    return false
  }
}
