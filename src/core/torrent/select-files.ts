import picomatch from 'picomatch'
import { P2pShareError } from '../errors.ts'
import type { TorrentFile } from './metainfo.ts'

const numbersPattern =
  /^\s*(?:\d{1,9}|\d{1,9}-\d{0,9}|-\d{1,9})(?:\s*,\s*(?:\d{1,9}|\d{1,9}-\d{0,9}|-\d{1,9}))*\s*$/
const longestExpression = 10_000

/** A file as a person sees it: numbered from 1, pads and links left out. */
export interface ListedFile {
  readonly number: number
  /** Where the file stands in the metainfo's `files`. */
  readonly index: number
  readonly file: TorrentFile
}

/** The files that a person is shown and can choose from. */
export function listFiles(files: readonly TorrentFile[]): ListedFile[] {
  const listed: ListedFile[] = []
  for (const [index, file] of files.entries())
    if (!file.isPad && !file.isLink) listed.push({ number: listed.length + 1, index, file })
  return listed
}

/**
 * Chooses files by what a person writes: numbers as {@link listFiles} gives them (`3`), ranges (`2-5`, `7-`, `-4`),
 * several of them with commas between, and globs (`*.jpg`, `day 1/**`), which are matched without regard to case
 * against the whole path, the path within the album, and, where they hold no slash, the bare name. A glob after `!`
 * takes files away again; where the first expression is one, everything else is chosen.
 *
 * @returns indexes into `files`
 * @throws {P2pShareError} `ERR_NO_SUCH_FILE` where an expression chooses nothing, `ERR_INVALID_ARGUMENT` where it
 *   cannot be read
 */
export function selectFiles(
  files: readonly TorrentFile[],
  expressions: readonly (number | string)[],
): Set<number> {
  const listed = listFiles(files)
  const startsWithAll = typeof expressions[0] === 'string' && expressions[0].startsWith('!')
  const chosen = new Set(startsWithAll ? listed.map(({ index }) => index) : [])
  for (const expression of expressions) {
    const text = String(expression)
    if (text.length > longestExpression) throw unreadable(text)
    if (text.startsWith('!'))
      for (const { index } of byGlob(listed, text.slice(1), text)) chosen.delete(index)
    else if (numbersPattern.test(text))
      for (const part of text.split(','))
        for (const { index } of byRange(listed, part.trim())) chosen.add(index)
    else for (const { index } of byGlob(listed, text, text)) chosen.add(index)
  }
  return chosen
}

function byRange(listed: readonly ListedFile[], part: string): readonly ListedFile[] {
  const [low = '', high = low] = part.split('-')
  const first = low === '' ? 1 : Number(low)
  const last = high === '' ? listed.length : Number(high)
  if (first > listed.length) throw missing(part, listed.length)
  if (first < 1 || last < first) throw unreadable(part)
  if (last > listed.length) throw missing(part, listed.length)
  return listed.slice(first - 1, last)
}

function byGlob(listed: readonly ListedFile[], glob: string, expression: string): readonly ListedFile[] {
  if (glob === '') throw unreadable(expression)
  const matchesGlob = picomatch(glob, { nocase: true, dot: true })
  const matches = (name: string) => name === glob || matchesGlob(name)
  const isBare = !glob.includes('/')
  const found = listed.filter(({ file: { path } }) => {
    const withinAlbum = path.slice(path.indexOf('/') + 1)
    return matches(path) || matches(withinAlbum) || (isBare && matches(path.slice(path.lastIndexOf('/') + 1)))
  })
  if (found.length === 0) throw missing(expression, listed.length)
  return found
}

function missing(expression: string, count: number): P2pShareError {
  return new P2pShareError(
    'ERR_NO_SUCH_FILE',
    `No file matches "${expression.slice(0, 100)}": the torrent holds ${count} of them, numbered from 1`,
  )
}

function unreadable(expression: string): P2pShareError {
  return new P2pShareError(
    'ERR_INVALID_ARGUMENT',
    `"${expression.slice(0, 100)}" chooses no files: write numbers (3), ranges (2-5, 7-) or globs (*.jpg)`,
  )
}
