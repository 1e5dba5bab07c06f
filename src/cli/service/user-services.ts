import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
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
   * Writes the unit, starts it, and has it started from now on. What fails leaves everything as it was.
   *
   * @throws {P2pShareError} `ERR_TARGET_EXISTS` where a unit of somebody else is in the place, `ERR_CANNOT_WRITE`,
   *   `ERR_SERVICE_MANAGER`
   */
  async install(unit: string): Promise<void> {
    const earlier = await this.#readOwn()
    await writeFileAtomic(this.path, unit)
    try {
      await this.#systemctl('daemon-reload')
      await this.#systemctl('enable', '--now', unitName)
    } catch (error) {
      await this.#putBack(earlier)
      throw error
    }
  }

  /**
   * Stops the unit and takes it away, also where systemd cannot be told of it.
   *
   * @returns whether there was one, and what systemd had against it
   * @throws {P2pShareError} `ERR_TARGET_EXISTS`, `ERR_CANNOT_WRITE`
   */
  async remove(): Promise<{ readonly wasThere: boolean; readonly problem?: P2pShareError | undefined }> {
    if ((await this.#readOwn()) === undefined) return { wasThere: false }
    return { wasThere: true, problem: await this.#takeAway() }
  }

  /** The one that is there, which is ours. */
  async #readOwn(): Promise<string | undefined> {
    let text: string
    try {
      text = await readFile(this.path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw fileSystemError(error, this.path, 'read')
    }
    if (text.includes(serviceMark)) return text
    throw new P2pShareError('ERR_TARGET_EXISTS', `${this.path} exists already and is not ours to replace`)
  }

  async #putBack(earlier: string | undefined): Promise<void> {
    if (earlier === undefined) return void (await this.#takeAway())
    await writeFileAtomic(this.path, earlier)
    await this.#try('daemon-reload')
  }

  /** Answers what systemd had against it. */
  async #takeAway(): Promise<P2pShareError | undefined> {
    const problem = await this.#try('disable', '--now', unitName)
    // What enables it is a link, which systemd takes away where it can be told.
    for (const path of [join(dirname(this.path), 'default.target.wants', unitName), this.path])
      await rm(path, { force: true }).catch(error => {
        throw fileSystemError(error, path, 'write')
      })
    return problem ?? (await this.#try('daemon-reload'))
  }

  async #try(...args: string[]): Promise<P2pShareError | undefined> {
    try {
      await this.#systemctl(...args)
    } catch (error) {
      if (error instanceof P2pShareError) return error
      throw error
    }
    return undefined
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
