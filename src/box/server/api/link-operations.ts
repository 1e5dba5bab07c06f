import { z } from 'zod'
import type { SteeredBox } from '../steered-box.ts'
import { viewOf } from '../transfer-view.ts'
import { type BoxOperation, operation } from './box-operation.ts'
import { absolute } from './steering-operations.ts'

/** The links of what is shared from a path. */
const linksAnswer = z.object({
  links: z.array(z.object({ path: z.string(), name: z.string(), infoHash: z.string(), magnet: z.string() })),
})

/** What is shared from watched folders, by where it lies. */
export function linkOperations({ watch }: SteeredBox): BoxOperation[] {
  return [
    operation({
      tag: 'shares',
      needsToken: true,
      id: 'links',
      method: 'get',
      path: '/links',
      summary: 'The magnet links of what is shared from a path in a watched folder',
      description: 'Of the clip or album that is there, or that it is in; else of all that is below it.',
      querySchema: z.object({ path: z.string().min(1).max(4_096) }),
      success: { status: 200, description: 'The links', schema: linksAnswer },
      problems: [404],
      handle: async ({ query: { path } }) => {
        const nowMs = performance.now()
        const links = watch.sharesAt(absolute(path)).map(({ path: at, item }) => {
          const { name, infoHash, magnet } = viewOf(item, nowMs)
          return { path: at, name, infoHash, magnet }
        })
        return { links }
      },
    }),
  ]
}
