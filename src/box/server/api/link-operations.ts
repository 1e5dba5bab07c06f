import { z } from 'zod'
import { P2pShareError } from '../../../core/index.ts'
import type { Item } from '../../shelf/item.ts'
import { isWithin, itemsAt, itemsBelow, type PlacedItem } from '../../shelf/items-by-path.ts'
import type { SteeredBox } from '../steered-box.ts'
import { viewOf } from '../transfer-view.ts'
import { type BoxOperation, operation } from './box-operation.ts'
import { absolute } from './steering-operations.ts'

/** The links of what is shared from a path. */
const linksAnswer = z.object({
  links: z.array(z.object({ path: z.string(), name: z.string(), infoHash: z.string(), magnet: z.string() })),
})

/** What the box shares, by where it lies. */
export function linkOperations(box: SteeredBox): BoxOperation[] {
  return [
    operation({
      tag: 'shares',
      needsToken: true,
      id: 'links',
      method: 'get',
      path: '/links',
      summary: 'The magnet links of what is shared from a path, or was fetched to it',
      description: 'Of the clip or album that is there, or that it is in; else of all that is below it.',
      querySchema: z.object({ path: z.string().min(1).max(4_096) }),
      success: { status: 200, description: 'The links', schema: linksAnswer },
      problems: [404],
      handle: async ({ query: { path } }) => {
        const nowMs = performance.now()
        const links = (await placedAt(box, absolute(path))).map(({ path: at, item }) => {
          const { name, infoHash, magnet } = viewOf(item, nowMs)
          return { path: at, name, infoHash, magnet }
        })
        return { links }
      },
    }),
  ]
}

/** @throws {P2pShareError} `ERR_NO_SUCH_TRANSFER` where there is nothing, or not yet */
async function placedAt({ watch, shelf }: SteeredBox, path: string): Promise<readonly PlacedItem[]> {
  const watched = watchedAt(watch, path)
  const there = watched instanceof P2pShareError ? [] : watched
  const others = await itemsAt(shelf, path)
  const isIn = others.length > 0 || there.some(({ path: at }) => isWithin(path, at))
  const found = new Map<Item, PlacedItem>()
  for (const placed of [...there, ...(isIn ? others : itemsBelow(shelf, path))])
    if (!found.has(placed.item)) found.set(placed.item, placed)
  if (watched instanceof P2pShareError && found.size === 0) throw watched
  return [...found.values()]
}

/** Watched folders know also what is not shared yet. */
function watchedAt(watch: SteeredBox['watch'], path: string): readonly PlacedItem[] | P2pShareError {
  try {
    return watch.sharesAt(path)
  } catch (error) {
    if (error instanceof P2pShareError && error.code === 'ERR_NO_SUCH_TRANSFER') return error
    throw error
  }
}
