import type { Item } from '../shelf/item.ts'
import type { Shelf } from '../shelf/shelf.ts'

/** Writes what becomes of the transfers into the log. */
export function logShelf(shelf: Shelf, log: (message: string) => void): void {
  const troubles = new WeakMap<Item, string>()
  const titleOf = ({ id, name }: Item) => `Transfer ${id}, ${name}`
  shelf.on('added', item => log(`${titleOf(item)}: added by ${item.entry.origin}`))
  shelf.on('done', item => log(`${titleOf(item)}: everything is there`))
  shelf.on('removed', item => log(`${titleOf(item)}: forgotten`))
  shelf.on('changed', item => {
    if (item.transfer?.state === 'stopped') return
    const trouble = item.reason?.message
    if (trouble === troubles.get(item)) return
    if (trouble === undefined) troubles.delete(item)
    else troubles.set(item, trouble)
    log(`${titleOf(item)}: ${trouble ?? 'goes on'}`)
  })
}
