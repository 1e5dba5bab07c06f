import { Hono } from 'hono'
import type { HttpEnv } from '../../../../http/index.ts'
import type { Site } from '../../site.ts'
import { conditional } from '../conditional.ts'
import { catalogOperations } from './catalog-operations.ts'
import { moderationOperations } from './moderation-operations.ts'
import { mount } from './mount.ts'
import { openApiDocument } from './openapi.ts'
import type { Operation } from './operation.ts'
import { submissionOperations } from './submission-operations.ts'

/** Everything that the API does. */
export function apiOperations(site: Site): readonly Operation[] {
  return [...catalogOperations(site), ...submissionOperations(site), ...moderationOperations(site)]
}

/** The JSON API at `/api/v1`, with the OpenAPI document that describes it. */
export function apiRoutes(site: Site): Hono<HttpEnv> {
  const operations = apiOperations(site)
  const document = `${JSON.stringify(openApiDocument(site, operations))}\n`
  const api = new Hono<HttpEnv>()
  mount(api, operations, site.moderators)
  api.get('/openapi.json', c =>
    conditional(c, document, {
      contentType: 'application/json; charset=utf-8',
      maxAgeSeconds: 300,
      headers: { 'access-control-allow-origin': '*' },
    }),
  )
  return new Hono<HttpEnv>().route('/api/v1', api)
}
