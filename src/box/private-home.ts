import { chmod, mkdir, stat } from 'node:fs/promises'
import { platform } from 'node:os'
import { fileSystemError, type Home } from '../core/index.ts'

const others = 0o077
const othersMayWrite = 0o022

/**
 * Keeps other users out of the folders of a home: keys of trackers are in the databases and torrents there, and whoever may write beside
 * the token may put another one in its place. The one folder around them all may hold things that others are to read, and is closed to
 * their writing alone.
 *
 * @param root the one folder that holds the others, where there is one
 * @returns what its owner has to know
 * @throws {P2pShareError} `ERR_CANNOT_WRITE` where a folder cannot be made
 */
export async function closeHome({ config, data, state }: Home, root: string | undefined): Promise<string[]> {
  const warnings: (string | undefined)[] = []
  if (root !== undefined) warnings.push(await closeFolder(root, othersMayWrite))
  for (const folder of [config, data, state]) warnings.push(await closeFolder(folder, others))
  return warnings.filter(warning => warning !== undefined)
}

/**
 * Takes rights to a file from other users.
 *
 * @param bits those of its mode that go @default all of others
 * @returns which of them they had, and whether they are gone; 0 where the system has no such thing
 */
export async function takeFromOthers(
  path: string,
  bits = others,
): Promise<{ readonly had: number; readonly isTaken: boolean }> {
  const mode = platform() === 'win32' ? 0 : (await stat(path)).mode
  const had = mode & bits
  if (had === 0) return { had, isTaken: true }
  const taking = chmod(path, mode & 0o777 & ~bits)
  return {
    had,
    isTaken: await taking.then(
      () => true,
      () => false,
    ),
  }
}

/** Answers what to say, where others could write in a folder; makes it where there is none. */
async function closeFolder(folder: string, bits: number): Promise<string | undefined> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw fileSystemError(error, folder, 'write')
  }
  const { had, isTaken } = await takeFromOthers(folder, bits)
  if ((had & othersMayWrite) === 0) return undefined
  return isTaken
    ? `Others could write in ${folder}, and no longer can`
    : `Others can write in ${folder}, and so steer this box: take that from them`
}
