import { Hono } from 'hono'
import { P2pShareError } from '../../../core/index.ts'
import {
  foreignPageGuard,
  type HttpEnv,
  httpErrorOf,
  mount,
  openApiDocument,
  problem,
} from '../../../http/index.ts'
import { isFault } from '../faults.ts'
import type { SignInCodes } from '../sign-in-codes.ts'
import type { SteeredBox } from '../steered-box.ts'
import type { BoxOperation } from './box-operation.ts'
import { boxOperations } from './box-operations.ts'
import { detailOperations } from './detail-operations.ts'
import { eventOperations } from './event-operations.ts'
import { followingOperations } from './following-operations.ts'
import { historyOperations } from './history-operations.ts'
import { linkOperations } from './link-operations.ts'
import { manyOperations } from './many-operations.ts'
import { shareOperations } from './share-operations.ts'
import { signInOperations } from './sign-in-operations.ts'
import { steeringOperations } from './steering-operations.ts'
import { transferOperations } from './transfer-operations.ts'
import { workAnswer, workOperations, workView } from './work-operations.ts'
import { type Work, type WorkProblem, Works } from './works.ts'

/** Everything that the API does. */
function apiOperations(box: SteeredBox, codes: SignInCodes, works: Works): readonly BoxOperation[] {
  return [
    ...transferOperations(box),
    ...detailOperations(box),
    ...steeringOperations(box),
    ...manyOperations(box),
    ...shareOperations(box),
    ...linkOperations(box),
    ...followingOperations(box),
    ...boxOperations(box),
    ...historyOperations(box),
    ...eventOperations(box),
    ...signInOperations(box, codes),
    ...workOperations(works),
  ]
}

/** The JSON API at `/api/v1`, with the OpenAPI document that describes it. */
export function apiRoutes(box: SteeredBox, codes: SignInCodes): Hono<HttpEnv> {
  const works = new Works({
    problemOf: problemFacts,
    onProblem: (what, error) => box.desk.onProblem(what, error),
  })
  const operations = apiOperations(box, codes, works)
  const api = new Hono<HttpEnv>()
  api.use(foreignPageGuard())
  mount(api, operations, {
    identify: () => undefined,
    problemOf: error => ownersProblem(error, box),
    begin: ({ id }, run) => begun(works.begin(id, run)),
  })
  let document: string | undefined
  api.get('/openapi.json', c => {
    document ??= `${JSON.stringify(openApiDocument(description, operations))}\n`
    return c.body(document, 200, { 'content-type': 'application/json; charset=utf-8' })
  })
  return new Hono<HttpEnv>().route('/api/v1', api)
}

/** Whoever steers the box owns it, and is told what is wrong with its machine too. */
function ownersProblem(error: unknown, { desk }: SteeredBox): Response | undefined {
  if (!(error instanceof P2pShareError)) return undefined
  if (isFault(error)) desk.onProblem('A request to the API failed', error)
  const { status, detail, code } = problemFacts(error)
  return problem(status, code, detail, httpErrorOf(error).headers)
}

function problemFacts(error: unknown): WorkProblem {
  const { status, detail } = httpErrorOf(error)
  return error instanceof P2pShareError
    ? { status, detail: error.message, code: error.code }
    : { status, detail }
}

/** The answer to a client that does not wait. */
function begun(work: Work): Response {
  const headers = { location: `${description.url}/works/${work.id}`, 'preference-applied': 'respond-async' }
  return Response.json(workView(work), { status: 202, headers: { ...headers, 'cache-control': 'no-store' } })
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
    { name: 'works', description: 'What takes long and nobody waits for' },
    { name: 'events', description: 'What happens, as it happens' },
  ],
  token: { name: 'token', description: 'The token that the box printed at its first start' },
  problems: [400, 429],
  workSchema: workAnswer,
} as const
