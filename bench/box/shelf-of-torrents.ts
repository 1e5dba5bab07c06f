import { join } from 'node:path'
import { createTorrent } from '../../src/index.ts'
import { writeSampleFile } from '../../test/kit/sample-files.ts'

const fileBytes = 32 * 1024
const pieceLength = 16 * 1024

/** Writes so many small clips of two pieces into a folder, and makes a torrent of each, with the tracker that is given. */
export async function* makeTorrents(
  folder: string,
  count: number,
  tracker?: string,
): AsyncIterable<Uint8Array> {
  for (let index = 0; index < count; index++) {
    const name = `clip ${String(index).padStart(5, '0')}`
    const path = await writeSampleFile(join(folder, `${name}.bin`), fileBytes, name)
    yield (await createTorrent(path, { pieceLength, announce: tracker === undefined ? [] : [tracker] })).bytes
  }
}
