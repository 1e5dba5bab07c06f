import { selectFiles } from '../../core/index.ts'
import type { Item } from './item.ts'
import type { ItemChanger } from './steer-item.ts'

/**
 * Remembers which files of a transfer were chosen as it was added, once it is known which there are: a restart would fetch all of
 * them else.
 */
export function chooseLater(shelf: ItemChanger, item: Item, select: readonly string[]): void {
  const remember = async () => {
    const metainfo = await item.transfer?.metadata()
    if (!metainfo) return
    const wanted = selectFiles(metainfo.files, select)
    const unwanted = metainfo.files.flatMap(({ isPad, isLink }, index) =>
      isPad || isLink || wanted.has(index) ? [] : [[index, 0] as const],
    )
    await shelf.change(item, { priorities: new Map(unwanted) })
  }
  // What chooses nothing fails the transfer itself, which tells why.
  remember().catch(() => {})
}
