/** How programs call what they have not written whole yet: it is renamed at the end. */
const endings = [
  'part',
  'partial',
  'crdownload',
  'download',
  'filepart',
  'tmp',
  'temp',
  'aria2',
  'opdownload',
]

const pattern = new RegExp(`\\.(?:${endings.join('|')})$`, 'i')

/** The same as globs. */
export const unfinishedGlobs: readonly string[] = endings.map(ending => `*.${ending}`)

/** Whether a file or folder of this name is still being written. */
export function isUnfinished(name: string): boolean {
  return pattern.test(name)
}
