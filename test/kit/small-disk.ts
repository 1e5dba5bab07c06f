import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { findProgram } from './external.ts'
import type { Owner } from './owner.ts'
import { temporaryFolder } from './temp-folder.ts'

const run = promisify(execFile)

/** A file system of its own, that can be made fuller, roomier and read-only while it is used. */
export interface SmallDisk {
  readonly path: string
  resize(sizeBytes: number): Promise<void>
  setReadOnly(isReadOnly: boolean): Promise<void>
}

/** Whether this machine lets us mount one: Linux and root. */
export function canMountDisks(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && findProgram('mount') !== undefined
}

/** Mounts a tmpfs of a size, which is unmounted when its owner ends. */
export async function mountSmallDisk(owner: Owner, sizeBytes: number): Promise<SmallDisk> {
  const path = await temporaryFolder(owner, 'disk')
  await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes},mode=700`, 'p2pshare', path])
  owner.teardown(async () => void (await run('umount', ['--lazy', path])))
  return {
    path,
    resize: async size => void (await run('mount', ['-o', `remount,size=${size}`, path])),
    setReadOnly: async isReadOnly =>
      void (await run('mount', ['-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, path])),
  }
}
