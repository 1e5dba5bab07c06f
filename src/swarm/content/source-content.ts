import { join } from 'node:path'
import {
  Bitfield,
  type CreatedTorrent,
  type Metainfo,
  type P2pShareError,
  verifyFiles,
} from '../../core/index.ts'
import type { FileStamp } from '../store/file-stamp.ts'
import { FileStore, type StoredFile } from '../store/file-store.ts'
import { type Content, findUnlikeStamp } from './content.ts'

/** The content of a torrent that was just made of files: all there, only ever read, never remembered as a download. */
export function sourceContent(
  { metainfo, sources }: CreatedTorrent,
  onLost: (error: P2pShareError) => void,
): Content {
  const stamps = new Map<number, FileStamp>()
  const wantedFiles: number[] = []
  let next = 0
  const files = metainfo.files.map(({ offset, sizeBytes, isPad }, index): StoredFile => {
    if (isPad) return { location: undefined, offset, sizeBytes }
    const source = sources[next++]!
    stamps.set(index, source)
    wantedFiles.push(index)
    return { location: source.source, offset, sizeBytes }
  })
  const store = new FileStore({ files, stamps, onLost })
  const locations = new Map(metainfo.files.map((file, index) => [file, files[index]!.location]))
  let have = Bitfield.full(metainfo.pieceCount)
  return {
    metainfo,
    path: sourceTop(
      metainfo,
      sources.map(({ source }) => source),
    ),
    store,
    get have() {
      return have
    },
    wanted: new Bitfield(metainfo.pieceCount),
    wantedFiles,
    seal: async () => {},
    findAmiss: first => findUnlikeStamp(files, stamps, first),
    locationAt: index => files[index]!.location!,
    letGo: () => store.letGo(),
    verify: async ({ signal, onProgress }) => {
      have = await verifyFiles(metainfo, file => locations.get(file), {
        signal,
        onProgress: ({ hashedBytes, totalBytes }) => onProgress?.({ checkedBytes: hashedBytes, totalBytes }),
      })
    },
    close: () => store.close(),
  }
}

/** The folder that an album was shared from: what its sources have in common. */
function sourceTop({ isAlbum }: Metainfo, sources: readonly string[]): string {
  const first = sources[0] ?? ''
  if (!isAlbum) return first
  let top = join(first, '..')
  for (const source of sources) while (!source.startsWith(join(top, '/'))) top = join(top, '..')
  return top
}
