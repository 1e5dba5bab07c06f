import { lstat, mkdir } from 'node:fs/promises'
import { relative, sep } from 'node:path'
import { P2pShareError } from '../../core/index.ts'

/** Makes a folder, with those above it. @throws {P2pShareError} `ERR_UNSAFE_PATH` where a link below `root` leads to it */
export async function makeFolder(folder: string, root: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const below = relative(root, folder)
  if (below === '' || below.startsWith('..')) return
  let path = root
  for (const part of below.split(sep)) {
    path += sep + part
    if ((await lstat(path)).isSymbolicLink()) {
      throw new P2pShareError('ERR_UNSAFE_PATH', `${path} is a link: remove it or choose another folder`)
    }
  }
}
