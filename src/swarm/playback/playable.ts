import { type ListedFile, listFiles, type TorrentFile } from '../../core/index.ts'

const unknownType = 'application/octet-stream'
const ranks = ['video/', 'audio/', 'image/']

/** The media type of a file, by its name; `application/octet-stream` where that says nothing. */
export async function mediaTypeOf({ path }: Pick<TorrentFile, 'path'>): Promise<string> {
  const { default: mime } = await import('mime')
  return mime.getType(path) ?? unknownType
}

/** Whether a browser or player shows it without running anything that it holds. */
export function isPlayableType(type: string): boolean {
  return ranks.some(prefix => type.startsWith(prefix)) && !type.startsWith('image/svg')
}

/** The files that can be played or looked at, in the order of the torrent. */
export async function playableFiles(files: readonly TorrentFile[]): Promise<ListedFile[]> {
  const listed = listFiles(files)
  const types = await Promise.all(listed.map(({ file }) => mediaTypeOf(file)))
  return listed.filter((_, at) => isPlayableType(types[at]!))
}

/**
 * The file that a person most likely means: the largest video, else the largest recording, else the largest picture;
 * `undefined` where there is none of them.
 */
export async function bestPlayable(listed: readonly ListedFile[]): Promise<ListedFile | undefined> {
  const rows = await Promise.all(
    listed.map(async one => ({ one, rank: rankOf(await mediaTypeOf(one.file)) })),
  )
  const playable = rows.filter(({ rank }) => rank < ranks.length)
  playable.sort((a, b) => a.rank - b.rank || b.one.file.sizeBytes - a.one.file.sizeBytes)
  return playable[0]?.one
}

function rankOf(type: string): number {
  const rank = ranks.findIndex(prefix => type.startsWith(prefix))
  return rank === -1 || !isPlayableType(type) ? ranks.length : rank
}
