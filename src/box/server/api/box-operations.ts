import type { z } from 'zod'
import { P2pShareError } from '../../../core/index.ts'
import type { SteeredBox } from '../steered-box.ts'
import { type BoxOperation, operation } from './box-operation.ts'
import { limitsSchema, searchAnswer, searchParameters, statusAnswer } from './box-schemas.ts'

const common = { tag: 'box', needsToken: true } as const

/** The box itself. */
export function boxOperations(box: SteeredBox): BoxOperation[] {
  const { limits } = box.desk
  const readLimits = () => ({
    uploadLimit: limits.held.upload ?? null,
    downloadLimit: limits.held.download ?? null,
  })
  return [
    operation({
      ...common,
      id: 'getStatus',
      method: 'get',
      path: '/status',
      summary: 'How the box is',
      success: { status: 200, description: 'Its status', schema: statusAnswer },
      handle: () => box.desk.status(),
    }),
    operation({
      ...common,
      id: 'getLimits',
      method: 'get',
      path: '/limits',
      summary: 'The limits over all transfers that hold at the moment',
      success: { status: 200, description: 'Bytes a second; null is without limit', schema: limitsSchema },
      handle: async () => readLimits(),
    }),
    operation({
      ...common,
      id: 'setLimits',
      method: 'patch',
      path: '/limits',
      summary: 'Set limits over all transfers, until the next start or the next hours of the schedule',
      bodySchema: limitsSchema.partial().strict(),
      success: { status: 200, description: 'As they are now', schema: limitsSchema },
      problems: [415],
      async handle({ body: { uploadLimit, downloadLimit } }) {
        const { upload, download } = limits.held
        limits.set({
          upload: uploadLimit === undefined ? upload : (uploadLimit ?? undefined),
          download: downloadLimit === undefined ? download : (downloadLimit ?? undefined),
        })
        return readLimits()
      },
    }),
    operation({
      ...common,
      id: 'stop',
      method: 'post',
      path: '/stop',
      summary: 'Stop the box; everything is taken up at its next start',
      success: { status: 202, description: 'It stops within 5 seconds' },
      async handle() {
        // The answer goes out first: the server closes after requests under way.
        setImmediate(() => void box.stop())
        return undefined
      },
    }),
    operation({
      ...common,
      id: 'search',
      method: 'get',
      path: '/search',
      summary: 'Search the catalogs that the box follows, without a network',
      querySchema: searchParameters,
      success: { status: 200, description: 'Listings', schema: searchAnswer },
      problems: [404],
      async handle({ query: { q, ...query } }) {
        const { catalog } = box
        if (!catalog) throw new P2pShareError('ERR_NO_SUCH_CATALOG', 'The box follows no catalog')
        const { listings, total, isTotalExact } = await catalog.search({ ...query, text: q })
        return { total, isTotalExact, listings: listings.map(listing => answerOf(listing)) }
      },
    }),
  ]
}

type Found = Awaited<ReturnType<NonNullable<SteeredBox['catalog']>['search']>>['listings'][number]

function answerOf(listing: Found): z.input<typeof searchAnswer>['listings'][number] {
  const { id, number, title, description, section, tags, license, creator, publishedAt } = listing
  const { infoHash, infoHashV2, magnet, sizeBytes, fileCount, seeds, leeches } = listing
  return {
    ...{ id, number, title, description, section, tags: [...tags], license, creator, publishedAt },
    ...{ infoHash, infoHashV2, magnet, sizeBytes, fileCount, seeds, leeches },
  }
}
