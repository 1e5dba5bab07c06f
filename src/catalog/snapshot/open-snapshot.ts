import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileSystemError, type Metainfo, P2pShareError } from '../../core/index.ts'
import {
  isSegmentName,
  type Manifest,
  type ManifestSegment,
  manifestName,
  maxManifestBytes,
  maxSegmentBytes,
  maxSegments,
  readManifest,
  type SegmentKind,
  segmentName,
} from './manifest.ts'

/** Bytes of a whole catalog. */
const maxSnapshotBytes = 8 * 1024 ** 3

/**
 * Checks that a torrent looks like a catalog before anything of it is fetched.
 *
 * @throws {P2pShareError} `ERR_INVALID_CATALOG`
 */
export function checkSnapshotTorrent({ name, files, sizeBytes, isAlbum }: Metainfo): void {
  const refuse = (why: string): never => {
    throw new P2pShareError('ERR_INVALID_CATALOG', `The torrent "${name}" is not a catalog: ${why}`)
  }
  const real = files.filter(({ isPad }) => !isPad)
  if (!isAlbum || real.length > maxSegments + 1) refuse(`it holds ${real.length} files`)
  if (sizeBytes > maxSnapshotBytes)
    refuse(`it is ${sizeBytes} bytes large, and ${maxSnapshotBytes} are the most`)
  let hasManifest = false
  for (const file of real) {
    const inside = file.path.slice(name.length + 1)
    const most = inside === manifestName ? maxManifestBytes : maxSegmentBytes
    if (inside === manifestName) hasManifest = true
    else if (!isSegmentName(inside)) refuse(`it holds ${inside}`)
    if (file.sizeBytes > most || file.isLink) refuse(`${inside} is ${file.sizeBytes} bytes large`)
  }
  if (!hasManifest) refuse(`it has no ${manifestName}`)
}

/**
 * Reads the manifest of a snapshot that lies in a folder, and checks that every file is what it says.
 *
 * @param isKnown whether the file of a segment was checked before, so that it is not hashed again
 * @throws {P2pShareError} `ERR_INVALID_CATALOG`, `ERR_BAD_SIGNATURE`, `ERR_PATH_NOT_FOUND`
 */
export async function openSnapshot(
  folder: string,
  of: { publicKey: string; salt: string },
  isKnown: (kind: SegmentKind, segment: ManifestSegment) => boolean,
): Promise<Manifest> {
  const path = join(folder, manifestName)
  const json = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fileSystemError(error, path, 'read')
  })
  const manifest = readManifest(json, of)
  for (const kind of ['listings', 'posters'] as const)
    for (const segment of manifest[kind])
      if (!isKnown(kind, segment))
        await checkSegment(join(folder, segmentName(kind, segment.sha256)), segment)
  return manifest
}

async function checkSegment(path: string, { sha256, sizeBytes }: ManifestSegment): Promise<void> {
  const hash = createHash('sha256')
  try {
    if ((await stat(path)).size === sizeBytes) await pipeline(createReadStream(path), hash)
  } catch (error) {
    throw fileSystemError(error, path, 'read')
  }
  if (hash.digest('hex') !== sha256)
    throw new P2pShareError('ERR_INVALID_CATALOG', `${path} is not what the catalog's manifest says`)
}
