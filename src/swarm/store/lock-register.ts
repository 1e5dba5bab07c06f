import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { appendFile, link, mkdir, rm, unlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileSystemError, type Hex, ownProcessId } from '../../core/index.ts'

/** The first line of a register. */
export interface RegisterHead {
  readonly pid: number
  /** Its own name, in the folder of registers. */
  readonly register: string
}

/** What a lock file says, which is a register under another name. */
export interface Register {
  readonly head: RegisterHead
  /** The torrent of each lock, by the name of its file. */
  readonly claims: ReadonlyMap<string, Hex>
}

/** File systems allow so many names of one file at least, and a register must not grow for ever. */
const maxClaims = 10_000
const folderName = 'registers'

/** Registers of this process. */
const own = new Set<string>()

/**
 * The file of this process that all its locks in a folder are names of (hard links), so that a lock costs no file of its own: the
 * name and what it says are there in one step. It says who holds them, and for which torrents: a line for each, written before
 * the name is made.
 */
export class OwnRegister {
  readonly #file: string
  readonly #name: string
  #begun: Promise<void> | undefined
  #claimed = 0
  #held = 0
  #lines = ''
  #writing: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined
  #isGone = false

  constructor(folder: string) {
    this.#name = `${ownProcessId()}-${randomBytes(6).toString('hex')}`
    this.#file = join(registersIn(folder), this.#name)
  }

  /** Whether further locks can be names of it. */
  get isOpen(): boolean {
    return this.#claimed < maxClaims && !this.#isGone
  }

  /** Makes it the lock file, in one step; or tells that there is one, or that somebody deleted the register. */
  async claim(file: string, infoHash: Hex): Promise<'claimed' | 'taken' | 'gone'> {
    this.#claimed++
    this.#held++
    try {
      this.#begun ??= this.#begin()
      await this.#begun
    } catch (error) {
      await this.#letGo()
      throw fileSystemError(error, file, 'write')
    }
    try {
      await this.#write(`${basename(file)} ${infoHash}\n`)
      await link(this.#file, file)
      return 'claimed'
    } catch (error) {
      await this.#letGo()
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EEXIST') return 'taken'
      this.#isGone = true
      if (code === 'ENOENT') return 'gone'
      throw fileSystemError(error, file, 'write')
    }
  }

  async release(file: string): Promise<void> {
    await unlink(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    await this.#letGo()
  }

  /** Without a lock nothing is left of it. */
  async #letGo(): Promise<void> {
    if (--this.#held > 0) return
    this.#isGone = true
    await rm(this.#file, { force: true })
    own.delete(this.#name)
  }

  async #begin(): Promise<void> {
    own.add(this.#name)
    await mkdir(dirname(this.#file), { recursive: true })
    const head: RegisterHead = { pid: ownProcessId(), register: this.#name }
    await writeFile(this.#file, `${JSON.stringify(head)}\n`, { flag: 'wx' })
  }

  /** Those who claim at the same time write together. */
  #write(line: string): Promise<void> {
    this.#lines += line
    this.#next ??= this.#writing.then(() => {
      const lines = this.#lines
      this.#lines = ''
      this.#next = undefined
      // Without making it: what somebody deleted would come back without its head.
      return appendFile(this.#file, lines, { flag: constants.O_WRONLY | constants.O_APPEND })
    })
    this.#writing = this.#next.catch(() => {})
    return this.#next
  }
}

/** Where the registers of a folder of locks are. */
export function registersIn(folder: string): string {
  return join(folder, folderName)
}

/** Whether it is a register of this process, which its process id would not tell from one of an earlier process. */
export function isOwnRegister(name: string): boolean {
  return own.has(name)
}

/** What a lock file says; `undefined` where that makes no sense. */
export function parseRegister(text: string): Register | undefined {
  const [first = '', ...lines] = text.split('\n')
  try {
    const { pid, register }: RegisterHead = JSON.parse(first)
    const isSound = Number.isSafeInteger(pid) && pid > 0 && typeof register === 'string'
    if (!isSound || basename(register) !== register) return undefined
    return { head: { pid, register }, claims: new Map(lines.map(line => line.split(' ') as [string, Hex])) }
  } catch {
    return undefined
  }
}
