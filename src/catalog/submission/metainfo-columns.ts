import type { Metainfo } from '../../core/index.ts'
import type { SubmissionTable } from '../database/tables/submissions.ts'

const maxFiles = 1_000

type MetainfoColumns = Pick<
  SubmissionTable,
  'files' | 'file_count' | 'size_bytes' | 'torrent' | 'torrent_size_bytes'
>

/** What is kept of a torrent for those who review it: its first files, the totals, and the .torrent itself. */
export function metainfoColumns({ files, sizeBytes, bytes }: Metainfo): MetainfoColumns {
  const real = files.filter(({ isPad }) => !isPad)
  const first = real.slice(0, maxFiles).map(file => ({ path: file.path, sizeBytes: file.sizeBytes }))
  return {
    files: JSON.stringify(first),
    file_count: real.length,
    size_bytes: sizeBytes,
    torrent: bytes,
    torrent_size_bytes: bytes.length,
  }
}
