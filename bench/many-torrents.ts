import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CreateOptions, createTorrent } from '../src/index.ts'
import { writeSampleFile } from '../test/kit/sample-files.ts'

export interface ManyTorrentsInit extends Pick<CreateOptions, 'pieceLength' | 'announce'> {
  readonly count: number
  /** Of each clip. */
  readonly fileBytes: number
}

/** Writes clips into a folder, and makes a torrent of each. */
export async function* makeTorrents(
  folder: string,
  { count, fileBytes, ...options }: ManyTorrentsInit,
): AsyncIterable<{ readonly name: string; readonly bytes: Uint8Array }> {
  for (let index = 0; index < count; index++) {
    const name = `clip ${String(index).padStart(5, '0')}`
    const path = await writeSampleFile(join(folder, `${name}.bin`), fileBytes, name)
    yield { name, bytes: (await createTorrent(path, options)).bytes }
  }
}

/** As {@link makeTorrents}, with the torrents in a folder of their own. Answers that. */
export async function writeTorrents(folder: string, init: ManyTorrentsInit): Promise<string> {
  const torrents = join(folder, 'torrents')
  await mkdir(torrents, { recursive: true })
  for await (const { name, bytes } of makeTorrents(folder, init))
    await writeFile(join(torrents, `${name}.torrent`), bytes)
  return torrents
}
