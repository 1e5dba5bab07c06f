import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type AbortOptions,
  type CreatedTorrent,
  type CreateOptions,
  cleanName,
  createTorrent,
  type Hex,
  type Identity,
  writeFileAtomic,
} from '../../core/index.ts'
import { type ManifestSegment, manifestName, writeManifest } from './manifest.ts'
import { snapshotPieceLength } from './piece-length.ts'
import { writeListingSegments, writePosterSegments } from './write-segments.ts'

export interface SnapshotInit extends AbortOptions {
  readonly identity: Identity
  readonly salt: string
  readonly name: string
  readonly description: string
  /** What the pointer to it will have. */
  readonly seq: number
  readonly now: Date
  readonly listingCount: number
  /** The folder of the catalog's versions. */
  readonly root: string
  /** The folder of the last version with its segments; `undefined` where everything is written anew. */
  readonly last:
    | {
        readonly folder: string
        readonly listings: readonly ManifestSegment[]
        readonly posters: readonly ManifestSegment[]
      }
    | undefined
  readonly lines: Iterable<string>
  readonly posters: ReadonlyMap<Hex, Uint8Array>
}

/** A version of a catalog as files and as a torrent of them. */
export interface BuiltSnapshot {
  /** Holds the folder that the torrent is made of. */
  readonly folder: string
  readonly torrent: CreatedTorrent
  readonly listings: readonly ManifestSegment[]
  readonly posters: readonly ManifestSegment[]
}

/**
 * Makes the next version of an own catalog: links the files that stay, writes the others, signs the manifest, and makes the
 * torrent. The last version is left as it is.
 *
 * @throws {P2pShareError} `ERR_DISK_FULL`, `ERR_CANNOT_WRITE`
 */
export async function buildSnapshot(init: SnapshotInit): Promise<BuiltSnapshot> {
  const { identity, salt, name, description, seq, now, listingCount, root, last, lines, posters } = init
  const version = join(root, String(seq))
  const folder = join(version, folderName(name))
  // What a process left behind that was killed at this very place.
  await rm(version, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const folders = { from: last?.folder, to: folder }
  const listingSegments = await writeListingSegments(last?.listings ?? [], lines, folders)
  const posterSegments = await writePosterSegments(last?.posters ?? [], posters, folders)
  const draft = { salt, name, description, seq, createdAt: now.toISOString(), listingCount }
  const manifest = writeManifest({ ...draft, listings: listingSegments, posters: posterSegments }, identity)
  await writeFileAtomic(join(folder, manifestName), manifest)
  const segments = [...listingSegments, ...posterSegments]
  const sizeBytes = segments.reduce((sum, segment) => sum + segment.sizeBytes, manifest.length)
  const torrent = await createTorrent([folder], { ...torrentOptions(sizeBytes), signal: init.signal })
  return { folder, torrent, listings: listingSegments, posters: posterSegments }
}

/** How the torrent of a snapshot is made, so that making it again of the same files gives the same info-hash. */
export function torrentOptions(sizeBytes: number): Pick<CreateOptions, 'format' | 'pieceLength'> {
  // Only a hybrid torrent starts each file on a piece of its own, so that files can be had one by one.
  return { format: 'hybrid', pieceLength: snapshotPieceLength(sizeBytes) }
}

/** The name of the folder that a catalog's torrent is made of. */
function folderName(name: string): string {
  return cleanName(`${name} catalog`)
}
