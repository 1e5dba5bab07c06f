import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { posterOfFile } from '../../describe/poster.ts'

/**
 * The poster of a picture that was sent.
 * @throws {P2pShareError} `ERR_INVALID_MEDIA` where it is none
 */
export async function posterOfUpload(picture: Uint8Array): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'p2pshare-poster-'))
  try {
    const path = join(folder, 'picture')
    await writeFile(path, picture, { mode: 0o600 })
    return await posterOfFile(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
