import { join } from 'node:path'
import { createTorrent } from '../../src/index.ts'
import type { Owner } from '../../test/kit/owner.ts'
import { writeSampleFile } from '../../test/kit/sample-files.ts'
import { temporaryFolder } from '../../test/kit/temp-folder.ts'
import { startTracker } from '../../test/kit/tracker.ts'
import type { Offer } from './pair-run.ts'

const pieceLength = 1024 * 1024

/** One file. */
export async function offerFile(owner: Owner, sizeBytes: number): Promise<Offer> {
  const folder = await temporaryFolder(owner, 'bench')
  await writeSampleFile(join(folder, 'clip.bin'), sizeBytes, 'transfer')
  return offerOf(owner, folder, 'clip.bin', sizeBytes)
}

/** A folder of files of one size. */
export async function offerAlbum(owner: Owner, count: number, photoBytes: number): Promise<Offer> {
  const folder = await temporaryFolder(owner, 'bench')
  for (let index = 0; index < count; index++) {
    const name = `IMG_${String(index).padStart(4, '0')}.jpg`
    await writeSampleFile(join(folder, 'album', name), photoBytes, `photo ${index}`)
  }
  return offerOf(owner, folder, 'album', count * photoBytes)
}

async function offerOf(owner: Owner, folder: string, name: string, sizeBytes: number): Promise<Offer> {
  const { announce: tracker } = await startTracker(owner, 'http')
  const path = join(folder, name)
  const { bytes: torrent } = await createTorrent(path, { pieceLength })
  const { bytes: announced } = await createTorrent(path, { pieceLength, announce: [tracker] })
  return { folder, name, sizeBytes, torrent, announced, tracker }
}
