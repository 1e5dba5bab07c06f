import type { Swarm } from '../../swarm/index.ts'
import { type BoxStatus, boxStatus } from '../box-status.ts'
import type { BoxClock } from '../clock.ts'
import type { CurrentLimits } from '../current-limits.ts'
import type { Shelf } from '../shelf/shelf.ts'
import { TransferLog } from '../shelf/transfer-log.ts'
import type { UpkeepState } from '../upkeep/upkeep-state.ts'
import { UploadFolder } from '../uploads/upload-folder.ts'
import { EventFeed } from './events/event-feed.ts'

export interface DeskInit {
  readonly shelf: Shelf
  readonly swarm: Swarm
  readonly limits: CurrentLimits
  readonly upkeep: () => UpkeepState
  readonly clock: BoxClock
  readonly url: () => string
  readonly folders: () => { readonly downloads: string; readonly uploads: string }
  /** Told where something goes wrong that nobody waits for. */
  readonly onProblem: (what: string, error: unknown) => void
}

/** What whoever steers the box is served with, beside its transfers. */
export class Desk {
  readonly limits: CurrentLimits
  readonly log: TransferLog
  readonly events: EventFeed
  readonly uploads: UploadFolder
  readonly onProblem: DeskInit['onProblem']
  readonly #init: DeskInit
  readonly #startedMs: number

  constructor(init: DeskInit) {
    const { shelf, clock, limits, onProblem } = init
    this.#init = init
    this.#startedMs = clock.monotonicMs()
    this.limits = limits
    this.onProblem = onProblem
    this.log = new TransferLog(shelf, () => clock.now().getTime())
    this.uploads = new UploadFolder(() => init.folders().uploads)
    this.events = new EventFeed({ shelf, clock, status: () => this.status() })
  }

  /** How the box is. */
  status(): Promise<BoxStatus> {
    const { shelf, swarm, clock, url, folders, upkeep } = this.#init
    const uptimeMs = clock.monotonicMs() - this.#startedMs
    const { downloads } = folders()
    const parts = { shelf, swarm, downloads, uptimeMs, url: url(), limits: this.limits.held }
    return boxStatus({ ...parts, upkeep: upkeep() })
  }
}
