import { locationsIn, type SourceFile } from '../core/index.ts'
import { formatCount } from './format.ts'
import type { Printer } from './printer.ts'

/**
 * Says how many photos and videos tell where they were taken, and how to share them without it.
 *
 * @returns how many they are
 */
export async function tellLocations(
  sources: readonly SourceFile[],
  printer: Printer,
  signal: AbortSignal,
): Promise<number> {
  const { length: fileCount } = await locationsIn(sources, { signal })
  if (fileCount === 0) return 0
  const who = formatCount(fileCount, 'file tells', 'files tell')
  printer.note(`${who} where it was taken: --location strip shares copies that do not`)
  return fileCount
}
