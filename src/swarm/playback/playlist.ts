import { type ListedFile, visibleName } from '../../core/index.ts'
import { nameOf } from './file-name.ts'

/** An M3U playlist in UTF-8, as every player reads it. */
export function playlistOf(files: readonly ListedFile[], urlOf: (file: ListedFile) => string): string {
  const lines = files.flatMap(one => [`#EXTINF:-1,${visibleName(nameOf(one.file))}`, urlOf(one)])
  return `${['#EXTM3U', ...lines].join('\n')}\n`
}
