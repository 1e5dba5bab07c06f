import { type FSWatcher, watch } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { basename, dirname } from 'node:path'

export interface ConfigWatchInit {
  readonly path: string
  /** The file may be another one now. */
  readonly onChange: () => void
  readonly onProblem: (error: unknown) => void
  /** A file that is written has come to rest once so long nothing happened. @default 300 */
  readonly settleMs?: number | undefined
}

/** Notices that a file is another one, also where an editor puts a new one in its place or where it is a link to one elsewhere. */
export class ConfigWatch {
  readonly #init: ConfigWatchInit
  readonly #watchers: FSWatcher[] = []
  #settling: NodeJS.Timeout | undefined

  private constructor(init: ConfigWatchInit) {
    this.#init = init
  }

  static async start(init: ConfigWatchInit): Promise<ConfigWatch> {
    const watcher = new ConfigWatch(init)
    const target = await realpath(init.path).catch(() => init.path)
    for (const path of new Set([init.path, target])) watcher.#watch(path)
    return watcher
  }

  stop(): void {
    clearTimeout(this.#settling)
    for (const watcher of this.#watchers) watcher.close()
  }

  #watch(path: string): void {
    const { onProblem } = this.#init
    try {
      const watcher = watch(dirname(path), { persistent: false }, (_, name) => {
        if (name === null || name === basename(path)) this.#settle()
      })
      watcher.on('error', onProblem)
      this.#watchers.push(watcher)
    } catch (error) {
      onProblem(error)
    }
  }

  #settle(): void {
    clearTimeout(this.#settling)
    this.#settling = setTimeout(this.#init.onChange, this.#init.settleMs ?? 300).unref()
  }
}
