import { isDeepStrictEqual } from 'node:util'
import type { BoxConfig } from './box-config.ts'
import { changesForNextStart } from './config-changes.ts'
import type { ConfigFile } from './config-file.ts'

export interface ConfigReload {
  readonly isChanged: boolean
  /** What is set and holds only once the box is started anew. */
  readonly forNextStart: readonly string[]
}

/** The settings that hold, while their file may change. */
export class LiveConfig {
  readonly #file: ConfigFile
  readonly #atStart: BoxConfig
  #value: BoxConfig
  #problem: Error | undefined
  #reloading: Promise<unknown> = Promise.resolve()

  private constructor(file: ConfigFile, value: BoxConfig) {
    this.#file = file
    this.#atStart = value
    this.#value = value
  }

  /** @throws {P2pShareError} as `ConfigFile.read` */
  static async open(file: ConfigFile): Promise<LiveConfig> {
    return new LiveConfig(file, await file.read())
  }

  get path(): string {
    return this.#file.path
  }

  get value(): BoxConfig {
    return this.#value
  }

  /** Why the file, as it is now, does not hold. */
  get problem(): Error | undefined {
    return this.#problem
  }

  get forNextStart(): readonly string[] {
    return changesForNextStart(this.#atStart, this.#value)
  }

  /**
   * Reads the file anew and has it applied, one call after another. Where it is wrong, what held before still does.
   *
   * @throws {P2pShareError} `ERR_INVALID_CONFIG`, `ERR_PATH_NOT_FOUND`, `ERR_UNREADABLE_FILE`; what `apply` throws
   */
  reload(apply: (reload: ConfigReload) => void | Promise<void>): Promise<void> {
    const reload = this.#reloading.then(async () => apply(await this.#reload()))
    this.#reloading = reload.catch(() => {})
    return reload
  }

  async #reload(): Promise<ConfigReload> {
    try {
      const value = await this.#file.readAgain()
      this.#problem = undefined
      const isChanged = !isDeepStrictEqual(value, this.#value)
      this.#value = value
      return { isChanged, forNextStart: this.forNextStart }
    } catch (error) {
      this.#problem = error as Error
      throw error
    }
  }
}
