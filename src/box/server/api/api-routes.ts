import { Hono } from 'hono'
import { P2pShareError } from '../../../core/index.ts'
import { type HttpEnv, httpErrorOf, mount, openApiDocument, problem } from '../../../http/index.ts'
import type { SteeredBox } from '../steered-box.ts'
import type { BoxOperation } from './box-operation.ts'
import { boxOperations } from './box-operations.ts'
import { detailOperations } from './detail-operations.ts'
import { eventOperations } from './event-operations.ts'
import { followingOperations } from './following-operations.ts'
import { historyOperations } from './history-operations.ts'
import { linkOperations } from './link-operations.ts'
import { shareOperations } from './share-operations.ts'
import { steeringOperations } from './steering-operations.ts'
import { transferOperations } from './transfer-operations.ts'

/** Everything that the API does. */
function apiOperations(box: SteeredBox): readonly BoxOperation[] {
  return [
    ...transferOperations(box),
    ...detailOperations(box),
    ...steeringOperations(box),
    ...shareOperations(box),
    ...linkOperations(box),
    ...followingOperations(box),
    ...boxOperations(box),
    ...historyOperations(box),
    ...eventOperations(box),
  ]
}

/** The JSON API at `/api/v1`, with the OpenAPI document that describes it. */
export function apiRoutes(box: SteeredBox): Hono<HttpEnv> {
  const operations = apiOperations(box)
  const api = new Hono<HttpEnv>()
  mount(api, operations, { identify: () => undefined, problemOf: ownersProblem })
  let document: string | undefined
  api.get('/openapi.json', c => {
    document ??= `${JSON.stringify(openApiDocument(description, operations))}\n`
    return c.body(document, 200, { 'content-type': 'application/json; charset=utf-8' })
  })
  return new Hono<HttpEnv>().route('/api/v1', api)
}

/** Whoever steers the box owns it, and is told what is wrong with its machine too. */
function ownersProblem(error: unknown): Response | undefined {
  if (!(error instanceof P2pShareError)) return undefined
  const { status, headers } = httpErrorOf(error)
  return problem(status, error.code, error.message, headers)
}

const description = {
  title: 'p2pshare box API',
  description: 'Steers a p2pshare seed box.',
  url: '/api/v1',
  tags: [
    { name: 'transfers', description: 'What the box fetches and shares' },
    { name: 'shares', description: 'Sharing what lies on its machine, or is sent to it' },
    { name: 'following', description: 'What is mirrored of catalogs and feeds' },
    { name: 'box', description: 'The box itself' },
    { name: 'events', description: 'What happens, as it happens' },
  ],
  token: { name: 'token', description: 'The token that the box printed at its first start' },
  problems: [400],
} as const
