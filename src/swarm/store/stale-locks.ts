import { readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isProcessAlive, ownProcessId } from '../../core/index.ts'
import { parseRegister, type Register, registersIn } from './lock-register.ts'

/** How long a look at how far another process has come is worth waiting for. */
const lookAgainMs = 20

const clearing = new Map<string, Promise<void>>()

/**
 * Takes away all the locks of a process that is gone, so that they may be claimed anew. Of several processes that find them just one
 * does it: the one that gets to rename the register. So none takes away what another has claimed meanwhile.
 *
 * @param file the lock that was found; it is to be looked at again afterwards
 */
export function clearLocksOf(gone: Register, folder: string, file: string): Promise<void> {
  const { register } = gone.head
  const known = clearing.get(register)
  if (known) return known
  const done = clear(gone, folder, file).finally(() => clearing.delete(register))
  clearing.set(register, done)
  return done
}

async function clear({ head, claims }: Register, folder: string, file: string): Promise<void> {
  const registers = registersIn(folder)
  const names = await readdir(registers).catch((): string[] => [])
  const now = names.find(name => name === head.register || name.startsWith(`${head.register}.`))
  if (now === undefined) return clearOne(head.register, file)
  const heir = Number(now.slice(head.register.length + 1))
  if (heir > 0 && heir !== ownProcessId() && isProcessAlive(heir)) return delay(lookAgainMs)
  const inherited = join(registers, `${head.register}.${ownProcessId()}`)
  try {
    if (heir !== ownProcessId()) await rename(join(registers, now), inherited)
    const { ino } = await stat(inherited, { bigint: true })
    await Promise.all([...claims.keys()].map(name => removeIf(join(folder, name), ino)))
    await rm(inherited, { force: true })
  } catch (error) {
    // Another process was quicker.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/** A lock of which the register is not there any more. */
async function clearOne(register: string, file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => '')
  if (parseRegister(text)?.head.register === register) await rm(file, { force: true })
}

/** Not all that was claimed was had, and some was let go. */
async function removeIf(lock: string, ino: bigint): Promise<void> {
  const found = await stat(lock, { bigint: true }).catch(() => undefined)
  if (found?.ino === ino) await rm(lock, { force: true })
}
