import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fileSystemError, P2pShareError, writeFileAtomic } from '../../core/index.ts'
import type { Env } from '../env.ts'
import { serviceMark } from './service.ts'
import { unitName } from './systemd-unit.ts'

const run = promisify(execFile)
const timeoutMs = 60_000

/** The unit of the box in systemd's user manager. */
export class UserServices {
  readonly #env: Env
  readonly path: string

  constructor(env: Env) {
    const { HOME, XDG_CONFIG_HOME } = env.variables
    this.#env = env
    this.path = join(XDG_CONFIG_HOME || join(HOME || homedir(), '.config'), 'systemd', 'user', unitName)
  }

  /**
   * Writes the unit, starts it, and has it started from now on.
   *
   * @throws {P2pShareError} `ERR_TARGET_EXISTS` where a unit of somebody else is in the place, `ERR_CANNOT_WRITE`,
   *   `ERR_SERVICE_MANAGER`
   */
  async install(unit: string): Promise<void> {
    await this.#checkOwn()
    await writeFileAtomic(this.path, unit)
    await this.#systemctl('daemon-reload')
    await this.#systemctl('enable', '--now', unitName)
  }

  /**
   * Stops the unit and takes it away.
   *
   * @returns whether there was one
   * @throws {P2pShareError} as `install`
   */
  async remove(): Promise<boolean> {
    if (!(await this.#checkOwn())) return false
    await this.#systemctl('disable', '--now', unitName)
    await rm(this.path, { force: true }).catch(error => {
      throw fileSystemError(error, this.path, 'write')
    })
    await this.#systemctl('daemon-reload')
    return true
  }

  /** Whether there is one, which is ours. */
  async #checkOwn(): Promise<boolean> {
    try {
      if ((await readFile(this.path, 'utf8')).includes(serviceMark)) return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
      throw fileSystemError(error, this.path, 'read')
    }
    throw new P2pShareError('ERR_TARGET_EXISTS', `${this.path} exists already and is not ours to replace`)
  }

  async #systemctl(...args: string[]): Promise<void> {
    const { variables, signal } = this.#env
    try {
      await run('systemctl', ['--user', ...args], { env: variables, signal, timeout: timeoutMs })
    } catch (error) {
      signal.throwIfAborted()
      const { code, stderr = '', message } = error as NodeJS.ErrnoException & { stderr?: string }
      const why = code === 'ENOENT' ? 'there is no systemctl here' : stderr.trim() || message
      throw new P2pShareError('ERR_SERVICE_MANAGER', `systemctl --user ${args.join(' ')}: ${why}`, {
        cause: error,
      })
    }
  }
}
