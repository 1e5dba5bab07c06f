import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileSystemError, type Home, writeFileAtomic } from '../../core/index.ts'
import type { BoxConfig } from './box-config.ts'
import { firstConfig } from './first-config.ts'
import { readConfigFile } from './read-config.ts'

/** The box's settings file. */
export class ConfigFile {
  readonly path: string

  constructor(home: Home) {
    this.path = join(home.config, 'box.toml')
  }

  /**
   * Reads the settings; where there is no file yet, one is made that says everything there is to set.
   *
   * @throws {P2pShareError} `ERR_INVALID_CONFIG`, `ERR_UNREADABLE_FILE`, `ERR_CANNOT_WRITE`
   */
  async read(): Promise<BoxConfig> {
    return readConfigFile(await this.#text(), this.path)
  }

  /**
   * As {@link read}, but a file that is away is not made anew: an editor may be about to put another in its place.
   *
   * @throws {P2pShareError} `ERR_INVALID_CONFIG`, `ERR_UNREADABLE_FILE`, `ERR_PATH_NOT_FOUND`
   */
  async readAgain(): Promise<BoxConfig> {
    try {
      return await readConfigFile(await readFile(this.path, 'utf8'), this.path)
    } catch (error) {
      throw fileSystemError(error, this.path, 'read')
    }
  }

  async #text(): Promise<string> {
    try {
      return await readFile(this.path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileSystemError(error, this.path, 'read')
      await writeFileAtomic(this.path, firstConfig, 0o600)
      return firstConfig
    }
  }
}
