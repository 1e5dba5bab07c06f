import { constants } from 'node:fs'
import { lstat, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileSystemError, type Metainfo, P2pShareError, pieceRange } from '../../core/index.ts'
import type { FileStore } from '../store/file-store.ts'
import type { FilePlaces } from './file-places.ts'

const copyBytes = 1024 * 1024

/**
 * Moves a file out of the parts, into its own place; answers the places as they are then.
 *
 * @param isThere which pieces may be held
 * @throws {P2pShareError} as {@link placePart}
 */
export async function placeFile(
  index: number,
  places: FilePlaces,
  store: FileStore,
  isThere: (piece: number) => boolean,
): Promise<FilePlaces> {
  const [part, location] = [places.locations[index]!, places.ownPlaceOf(index)]
  await store.suspend(async () => {
    const hasContent = await placePart(places.metainfo, index, isThere, part, location)
    return { locations: new Map([[index, location]]), existing: hasContent ? [index] : [] }
  })
  const placed = places.with({ placed: [...places.placed, index] })
  placed.stamps.splice(0, places.stamps.length, ...places.stamps)
  await placed.look([index])
  return placed
}

/**
 * Moves what is held of a file that was not wanted so far to its own place. Not by renaming: the parts may be on another disk,
 * and they are mostly holes.
 *
 * @param isThere which pieces may be held
 * @returns whether the file is there now
 * @throws {P2pShareError} `ERR_TARGET_EXISTS`, `ERR_DISK_FULL`, `ERR_CANNOT_WRITE`
 */
async function placePart(
  metainfo: Metainfo,
  index: number,
  isThere: (piece: number) => boolean,
  part: string,
  location: string,
): Promise<boolean> {
  if (await lstat(location).catch(() => undefined))
    throw new P2pShareError('ERR_TARGET_EXISTS', `${location} exists already and is not ours to replace`)
  const source = await open(part, constants.O_RDONLY).catch(() => undefined)
  if (!source) return false
  try {
    await mkdir(dirname(location), { recursive: true })
    const target = await open(location, 'wx')
    try {
      const file = metainfo.files[index]!
      const [from, to] = pieceRange(file, metainfo.pieceLength)
      const buffer = Buffer.allocUnsafe(copyBytes)
      for (let piece = from; piece < to; piece++) {
        if (!isThere(piece)) continue
        let at = Math.max(piece * metainfo.pieceLength - file.offset, 0)
        const end = Math.min((piece + 1) * metainfo.pieceLength - file.offset, file.sizeBytes)
        while (at < end) {
          const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, end - at), at)
          if (bytesRead === 0) break
          await target.write(buffer, 0, bytesRead, at)
          at += bytesRead
        }
      }
    } catch (error) {
      await rm(location, { force: true })
      throw error
    } finally {
      await target.close()
    }
    await rm(part, { force: true })
    return true
  } catch (error) {
    throw fileSystemError(error, location, 'write')
  } finally {
    await source.close()
  }
}
