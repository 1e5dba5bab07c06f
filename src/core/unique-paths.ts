import { P2pShareError } from './errors.ts'
import { cleanPath, maxNameBytes, shorten, splitExtension, visibleName } from './safe-path.ts'

const maxNamesakes = 100
// Room that is kept for `.100`, so that all names which shorten to the same stem share one count.
const counterBytes = 4

const ignorable = /\p{Default_Ignorable_Code_Point}/gu

/**
 * Cleans many paths and joins each with `/`, so that no two of them are one file on any file system: those that are
 * alike, or alike but for case or Unicode normalisation, or where a file has the name of another's folder, become
 * `name.1.ext`, `name.2.ext` and so on, the earlier path keeping its name.
 *
 * @param folder a clean name that comes before each of them
 * @throws {P2pShareError} `ERR_INVALID_TORRENT` where more than 100 files claim one name
 * @example
 * uniquePaths([['zoo', 'a.jpg'], ['zoo', 'A.jpg']]) // ['zoo/a.jpg', 'zoo/A.1.jpg']
 */
export function uniquePaths(paths: readonly (readonly string[])[], folder?: string): string[] {
  const cleaned = paths.map(path => (folder === undefined ? cleanPath(path) : [folder, ...cleanPath(path)]))
  const folders = new Map<string, number>()
  const parents = cleaned.map(path =>
    path.slice(0, -1).reduce((parent, name) => folderIn(folders, parent, name), 0),
  )
  const files = new Set<string>()
  const counts = new Map<string, number>()
  const isTaken = (key: string) => files.has(key) || folders.has(key)
  return cleaned.map((path, index) => {
    const name = path.at(-1)!
    const keyOf = (candidate: string) => `${parents[index]}/${fold(candidate)}`
    const stem = shorten(name, maxNameBytes - counterBytes)
    const family = keyOf(stem)
    let count = counts.get(family) ?? 0
    let candidate = name
    while (isTaken(keyOf(candidate))) {
      if (++count > maxNamesakes) throw tooMany(name)
      candidate = numbered(stem, count)
    }
    if (count > 0) counts.set(family, count)
    files.add(keyOf(candidate))
    return [...path.slice(0, -1), candidate].join('/')
  })
}

/** A number for a folder, the same for all names that a file system may take for one. */
function folderIn(folders: Map<string, number>, parent: number, name: string): number {
  const key = `${parent}/${fold(name)}`
  const known = folders.get(key)
  if (known !== undefined) return known
  folders.set(key, folders.size + 1)
  return folders.size
}

function numbered(name: string, count: number): string {
  const [stem, extension] = splitExtension(name)
  return `${stem}.${count}${extension}`
}

/** What file systems that tell neither case, nor composition, nor invisible characters apart compare names by. */
function fold(name: string): string {
  if (/^[\x20-\x7e]*$/.test(name)) return name.toLowerCase()
  return name.normalize('NFD').replace(ignorable, '').toUpperCase().toLowerCase().normalize('NFD')
}

function tooMany(name: string): P2pShareError {
  const message = `More than ${maxNamesakes} files claim the name ${visibleName(name)}`
  return new P2pShareError('ERR_INVALID_TORRENT', message)
}
