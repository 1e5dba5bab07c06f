import type { Metainfo, TorrentFile } from '../../../core/index.ts'

/** A file that holds bytes of its own, with its place in the metainfo. */
export interface RealFile {
  readonly file: TorrentFile
  readonly index: number
}

/** The files as clients know and count them: without pads and links. */
export function realFiles(metainfo: Metainfo | undefined): readonly RealFile[] {
  if (!metainfo) return []
  return metainfo.files.flatMap((file, index) => (file.isPad || file.isLink ? [] : [{ file, index }]))
}

/** The box has priorities from 1 to 7, and 0 for what is not wanted; clients low, normal and high beside it. */
export const levels = { low: 2, normal: 4, high: 6 } as const

/** -1, 0 or 1 for low, normal or high. */
export function priorityOf(level: number): number {
  return level === 0 ? 0 : Math.sign(level - levels.normal)
}
