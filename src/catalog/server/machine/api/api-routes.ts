import { Hono } from 'hono'
import {
  type ApiDescription,
  type HttpEnv,
  httpErrorOf,
  mount,
  openApiDocument,
  problem,
} from '../../../../http/index.ts'
import { SubmissionError } from '../../../submission/submission-problem.ts'
import { type Site, siteUrl } from '../../site.ts'
import { conditional } from '../conditional.ts'
import { callerOf } from './api-caller.ts'
import { catalogOperations } from './catalog-operations.ts'
import { moderationOperations } from './moderation-operations.ts'
import type { Operation } from './operation.ts'
import { submissionOperations } from './submission-operations.ts'

/** What anybody may read, any page may: nothing in it depends on who asks. */
const anyOrigin = { 'access-control-allow-origin': '*' }

/** Everything that the API does. */
export function apiOperations(site: Site): readonly Operation[] {
  return [...catalogOperations(site), ...submissionOperations(site), ...moderationOperations(site)]
}

/** The JSON API at `/api/v1`, with the OpenAPI document that describes it. */
export function apiRoutes(site: Site): Hono<HttpEnv> {
  const operations = apiOperations(site)
  const document = `${JSON.stringify(openApiDocument(describe(site), operations))}\n`
  const contentType = 'application/json; charset=utf-8'
  const api = new Hono<HttpEnv>()
  mount(api, operations, {
    identify: (c, one) => callerOf(c, one, site.moderators),
    answer: (c, one, json) =>
      isPublic(one) ? conditional(c, json, { contentType, headers: anyOrigin }) : undefined,
    problemHeaders: one => (isPublic(one) ? anyOrigin : {}),
    problemOf: fieldProblem,
  })
  api.get('/openapi.json', c =>
    conditional(c, document, { contentType, maxAgeSeconds: 300, headers: anyOrigin }),
  )
  return new Hono<HttpEnv>().route('/api/v1', api)
}

/** Reading what everybody may, as opposed to what a secret or a token lets one read. */
function isPublic({ method, tag }: Operation): boolean {
  return method === 'get' && tag === 'catalog'
}

/** Says of each field of a submission what is wrong with it. */
function fieldProblem(error: unknown, more: Readonly<Record<string, string>>): Response | undefined {
  if (!(error instanceof SubmissionError)) return undefined
  const { detail, headers } = httpErrorOf(error)
  return problem(422, error.code, detail, { ...headers, ...more }, { errors: error.problems })
}

function describe(site: Site): ApiDescription {
  const { name, description } = site.settings
  return {
    title: `${name} API`,
    description,
    url: siteUrl(site, '/api/v1'),
    tags: [
      { name: 'catalog', description: 'What is listed' },
      { name: 'submissions', description: 'Offering something to the catalog' },
      { name: 'moderation', description: 'Reviewing what was offered; takes a moderator’s token' },
    ],
    token: { name: 'moderator', description: 'A moderator’s token' },
    problems: [400, 429],
  }
}
