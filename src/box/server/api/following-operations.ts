import type { z } from 'zod'
import type { Offer } from '../../follow/offer.ts'
import type { Held } from '../../follow/plan.ts'
import type { SteeredBox } from '../steered-box.ts'
import { type BoxOperation, operation } from './box-operation.ts'
import { followingAnswer, planAnswer, planParameters, pruneAnswer, pruneBody } from './following-schemas.ts'
import { leftOf } from './transfer-schemas.ts'

const common = { tag: 'following', needsToken: true } as const
const maxListed = 1_000

/** What the box mirrors of catalogs and feeds. */
export function followingOperations({ following }: SteeredBox): BoxOperation[] {
  return [
    operation({
      ...common,
      id: 'getFollowing',
      method: 'get',
      path: '/following',
      summary: 'The catalogs and feeds that are followed, and how far each is',
      success: { status: 200, description: 'What is followed', schema: followingAnswer },
      async handle() {
        const sources = await following.sources()
        const held = following.held()
        return {
          sources: sources.map(({ kind, source, name, origin, syncedAt, problem, offers }) => {
            const here = held.filter(item => item.origin === origin)
            return {
              ...{ kind, source, name, origin, syncedAt: syncedAt?.toISOString(), problem },
              wanted: offers.length,
              here: here.length,
              wantedBytes: offers.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0),
              hereBytes: here.reduce((sum, item) => sum + item.sizeBytes - item.missingBytes, 0),
            }
          }),
        }
      },
    }),
    operation({
      ...common,
      id: 'getPlan',
      method: 'get',
      path: '/plan',
      summary: 'What would be fetched or could be dropped now, and why',
      description: 'Nothing is done. What could be dropped goes only if `POST /plan/prune` names it.',
      querySchema: planParameters,
      success: { status: 200, description: 'The plan', schema: planAnswer },
      async handle({ query }) {
        const { plan, limits, usedBytes } = await following.plan({ prunes: query.prune === 'true' })
        const { fetch, keep, drop, leftOut } = plan
        const { quotaBytes, freeBytes, keepFreeBytes } = limits
        return {
          fetch: fetch.slice(0, maxListed).map(wantedOf),
          keep: keep.map(heldOf),
          drop: drop.map(({ item, why }) => ({ ...heldOf(item), why })),
          leftOut: leftOut.slice(0, maxListed).map(wantedOf),
          fetchCount: fetch.length,
          leftOutCount: leftOut.length,
          ...{ usedBytes, quotaBytes, freeBytes, keepFreeBytes },
        }
      },
    }),
    operation({
      ...common,
      id: 'prune',
      method: 'post',
      path: '/plan/prune',
      summary: 'Drop what the plan said could go, with the files that it wrote',
      bodySchema: pruneBody,
      isSlow: true,
      success: { status: 200, description: 'What went', schema: pruneAnswer },
      problems: [415],
      async handle({ body }) {
        const gone = await following.prune(body.ids)
        return { dropped: gone.map(({ item, left }) => ({ ...heldOf(item), ...leftOf(left) })) }
      },
    }),
  ]
}

type Answer = z.input<typeof planAnswer>

function wantedOf({ listing, why }: { listing: Offer; why: string }): Answer['fetch'][number] {
  const { key, title, sizeBytes, seeds, listedAt, origin } = listing
  return {
    ...{ title, sizeBytes, seeds, origin, why },
    infoHash: /^[0-9a-f]+$/.test(key) ? key : undefined,
    listedAt: new Date(listedAt).toISOString(),
  }
}

function heldOf({ id, name, key, sizeBytes, origin }: Held): Answer['keep'][number] {
  return { id, name, infoHash: key, sizeBytes, origin }
}
