import { hash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { basename, sep } from 'node:path'
import { type Hex, isProcessAlive, ownProcessId, Turns } from '../../core/index.ts'
import {
  isOwnRegister,
  OwnRegister,
  parseRegister,
  type Register,
  type RegisterHead,
} from './lock-register.ts'
import { clearLocksOf } from './stale-locks.ts'

/** Held while one process writes to a path. */
export interface PathLock {
  release(): Promise<void>
}

/** Who holds a lock: a live process, and the torrent it writes. */
export interface LockHolder {
  readonly pid: number
  readonly infoHash: Hex
}

/** Locks of this process, by their files, and the torrents they are for. */
const ours = new Map<string, Hex>()
/** The register that further locks are names of, by folder. */
const registers = new Map<string, OwnRegister>()
/**
 * One after another: a register names all the locks of a process, so that thousands read at once would fill the memory, while the
 * first look at that of a process that is gone takes them all away.
 */
const looks = new Turns(1)

/**
 * Takes the lock of a path for this process, or tells who holds it. A lock left behind by a process that is gone is taken
 * over.
 *
 * @param folder where lock files are kept; every process that may write to `path` must use the same one
 */
export async function lockPath(folder: string, path: string, infoHash: Hex): Promise<PathLock | LockHolder> {
  const file = `${folder}${sep}${hash('sha256', path).slice(0, 32)}.lock`
  const holder = ours.get(file)
  if (holder !== undefined) return { pid: ownProcessId(), infoHash: holder }
  ours.set(file, infoHash)
  try {
    const taken = await takeOrTell(folder, file, infoHash)
    if ('pid' in taken) ours.delete(file)
    return taken
  } catch (error) {
    ours.delete(file)
    throw error
  }
}

async function takeOrTell(folder: string, file: string, infoHash: Hex): Promise<PathLock | LockHolder> {
  for (;;) {
    const register = registerFor(folder)
    const answer = await register.claim(file, infoHash)
    if (answer === 'claimed') return new HeldLock(register, file)
    if (answer === 'gone') continue
    const holder = await looks.run(() => lookAt(folder, file))
    if (holder) return holder
  }
}

/** Who holds the lock that is there; where nobody does, nothing is left of it. */
async function lookAt(folder: string, file: string): Promise<LockHolder | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  const found = parseRegister(text ?? '')
  if (found && isAlive(found.head)) return holderOf(found, file)
  if (found) await clearLocksOf(found, folder, file)
  else if (text !== undefined) await rm(file, { force: true })
  return undefined
}

class HeldLock implements PathLock {
  readonly #register: OwnRegister
  readonly #file: string
  #releasing: Promise<void> | undefined

  constructor(register: OwnRegister, file: string) {
    this.#register = register
    this.#file = file
  }

  release(): Promise<void> {
    this.#releasing ??= this.#register.release(this.#file).finally(() => ours.delete(this.#file))
    return this.#releasing
  }
}

function registerFor(folder: string): OwnRegister {
  const known = registers.get(folder)
  if (known?.isOpen) return known
  const register = new OwnRegister(folder)
  registers.set(folder, register)
  return register
}

function holderOf({ head, claims }: Register, file: string): LockHolder {
  return { pid: head.pid, infoHash: claims.get(basename(file)) ?? '' }
}

function isAlive({ pid, register }: RegisterHead): boolean {
  return pid === ownProcessId() ? isOwnRegister(register) : isProcessAlive(pid)
}
