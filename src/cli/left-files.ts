import type { LeftFiles } from '../box/index.ts'
import { visibleName } from '../core/index.ts'
import { formatCount } from './format.ts'
import type { Printer } from './printer.ts'

const mostNamed = 20

/** Says which files stay though they were to be deleted. */
export function tellLeft({ left, leftCount }: LeftFiles, printer: Printer): void {
  for (const path of left.slice(0, mostNamed))
    printer.note(`Left, for the box did not write it, or it was changed since: ${visibleName(path)}`)
  if (leftCount > mostNamed) printer.note(`Left too: ${formatCount(leftCount - mostNamed, 'more file')}`)
}
