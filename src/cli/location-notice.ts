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
  const which = formatCount(fileCount, 'file tells where it was taken', 'files tell where they were taken')
  printer.note(`${which}: --location strip shares copies that do not`)
  return fileCount
}

/** Says how many files are shared as copies without their position. */
export function tellCopies(fileCount: number, printer: Printer): void {
  printer.note(
    fileCount === 0
      ? 'No file tells where it was taken'
      : `${formatCount(fileCount, 'file is', 'files are')} shared as ${fileCount === 1 ? 'a copy' : 'copies'} without the place`,
  )
}
