import { join } from 'node:path'
import { type CreateOptions, createTorrent } from '../../src/index.ts'
import type { Owner } from '../../test/kit/owner.ts'
import { writeSampleFile } from '../../test/kit/sample-files.ts'
import { temporaryFolder } from '../../test/kit/temp-folder.ts'
import { startTracker } from '../../test/kit/tracker.ts'
import type { Offer } from './pair-run.ts'

const pieceLength = 1024 * 1024

/** One file in pieces of 1 MiB, or, where `hasOwnPieces`, of the size that a torrent gets that nobody chose one for. */
export async function offerFile(
  owner: Owner,
  sizeBytes: number,
  { hasOwnPieces = false } = {},
): Promise<Offer> {
  const folder = await temporaryFolder(owner, 'bench')
  await writeSampleFile(join(folder, 'clip.bin'), sizeBytes, 'transfer')
  return offerOf(owner, folder, 'clip.bin', sizeBytes, hasOwnPieces ? {} : { pieceLength })
}

/** A folder of files of one size. */
export async function offerAlbum(owner: Owner, count: number, photoBytes: number): Promise<Offer> {
  const folder = await temporaryFolder(owner, 'bench')
  for (let index = 0; index < count; index++) {
    const name = `IMG_${String(index).padStart(4, '0')}.jpg`
    await writeSampleFile(join(folder, 'album', name), photoBytes, `photo ${index}`)
  }
  return offerOf(owner, folder, 'album', count * photoBytes, { pieceLength })
}

async function offerOf(
  owner: Owner,
  folder: string,
  name: string,
  sizeBytes: number,
  options: CreateOptions,
): Promise<Offer> {
  const { announce: tracker } = await startTracker(owner, 'http')
  const path = join(folder, name)
  const { bytes: torrent } = await createTorrent(path, options)
  const { bytes: announced } = await createTorrent(path, { ...options, announce: [tracker] })
  return { folder, name, sizeBytes, torrent, announced, tracker }
}
