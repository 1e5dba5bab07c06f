import { type Home, packageVersion } from '../../core/index.ts'
import type { Swarm } from '../../swarm/index.ts'
import type { BoxClock } from '../clock.ts'
import type { LiveConfig } from '../config/live-config.ts'
import { CurrentLimits } from '../current-limits.ts'
import type { BoxDatabase } from '../database/open-box-database.ts'
import { History } from '../history/history.ts'
import { HistoryStore } from '../history/history-store.ts'
import type { HookRunner } from '../hooks/hook-runner.ts'
import { startHooks } from '../hooks/hooks.ts'
import { LogFile } from '../log/log-file.ts'
import { logPath } from '../log/log-path.ts'
import { type HeldLimits, LimitKeeper } from '../schedule/limit-keeper.ts'
import { SharedFiles } from '../shelf/shared-files.ts'
import type { Shelf } from '../shelf/shelf.ts'
import { Health } from './health.ts'
import { logShelf } from './shelf-log.ts'
import { type UpkeepState, upkeepState } from './upkeep-state.ts'

export interface UpkeepInit {
  readonly home: Home
  readonly shelf: Shelf
  readonly swarm: Swarm
  readonly database: BoxDatabase
  readonly settings: LiveConfig
  /** Environment of the box, of which hooks get a part. */
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly clock: BoxClock
  /** Never to be written into the log. */
  readonly secrets: readonly string[]
}

/** What keeps a box going that nobody looks after: limits of the hour, hooks, history, log, shared files, and whether all is well. */
export class Upkeep {
  readonly log: LogFile
  readonly limits: LimitKeeper
  readonly current: CurrentLimits
  readonly hooks: HookRunner
  readonly history: History
  readonly health: Health
  readonly #sharedFiles: SharedFiles
  readonly #init: UpkeepInit
  #isUp = false

  constructor(init: UpkeepInit) {
    const { home, shelf, swarm, database, settings, variables, clock, secrets } = init
    this.#init = init
    this.log = new LogFile({ path: logPath(home), secrets, now: clock.now })
    const log = (message: string) => this.log.write(message)
    this.current = new CurrentLimits(swarm)
    // At the start that there is no limit is nothing to tell.
    let told = limitsText({ upload: undefined, download: undefined, isSlow: false })
    this.limits = new LimitKeeper({
      settings: () => settings.value,
      clock,
      set: limits => {
        this.current.set(limits)
        if (told !== limitsText(limits)) log(limitsText(limits))
        told = limitsText(limits)
      },
    })
    this.hooks = startHooks({ shelf, settings: () => settings.value.hooks, variables, clock, log, database })
    this.history = new History({
      store: new HistoryStore(database),
      items: () => shelf.items(),
      clock,
      onProblem: error => log(`The history cannot be kept: ${(error as Error).message}`),
    })
    this.health = new Health({ database, stateFolder: home.state, isSwarmUp: () => this.#isUp })
    this.#sharedFiles = new SharedFiles({
      shelf,
      clock,
      onProblem: (what, error) => log(`${what}: ${(error as Error).message}`),
    })
    logShelf(shelf, log)
  }

  start(url: string): void {
    this.#isUp = true
    this.log.write(`p2pshare ${packageVersion()} runs at ${url}`)
    this.limits.start()
    this.history.start()
    this.#sharedFiles.start()
  }

  /** The settings have changed. */
  apply(): void {
    this.limits.apply()
  }

  /** What the status says of it, with what the watched folders tell. */
  state(folders: readonly string[]): UpkeepState {
    return upkeepState(this.#init.settings, this.limits, this.#init.shelf.items(), folders)
  }

  /** To be called while the database is still open. */
  async stop(): Promise<void> {
    this.#isUp = false
    this.limits.stop()
    this.hooks.stop()
    await Promise.all([this.history.stop(), this.#sharedFiles.stop()])
    this.log.write('Stopped')
    await this.log.flush()
  }
}

function limitsText({ upload, download, isSlow }: HeldLimits): string {
  const rate = (bytes: number | undefined) => (bytes === undefined ? 'no limit' : `${bytes} bytes/s`)
  return `${isSlow ? 'Slow' : 'Usual'} hours: upload ${rate(upload)}, download ${rate(download)}`
}
