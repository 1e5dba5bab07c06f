import { STATUS_CODES } from 'node:http'
import { z } from 'zod'
import { packageVersion } from '../../../../core/index.ts'
import { type Site, siteUrl } from '../../site.ts'
import type { Operation } from './operation.ts'
import { problemSchema } from './schemas.ts'

type JsonObject = Record<string, unknown>

/** The OpenAPI 3.1 document of operations, made of the very schemas that check what comes and goes. */
export function openApiDocument(site: Pick<Site, 'settings'>, operations: readonly Operation[]): JsonObject {
  const components: JsonObject = {}
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => {
    const { $schema, $defs = {}, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
    Object.assign(components, pointedAtComponents($defs))
    return pointedAtComponents(rest)
  }
  const problemContent = { 'application/problem+json': { schema: schemaOf(problemSchema, 'output') } }
  const paths: Record<string, JsonObject> = {}
  for (const one of operations) {
    const { id, method, path, tag, summary, description, success, needsModerator } = one
    const problems = [...new Set([400, 429, ...one.problems])].sort((a, b) => a - b)
    paths[path] ??= {}
    paths[path][method] = {
      operationId: id,
      tags: [tag],
      summary,
      ...(description && { description }),
      parameters: [
        ...parametersOf(one.pathSchema, 'path', schemaOf),
        ...parametersOf(one.querySchema, 'query', schemaOf),
      ],
      ...(one.bodySchema && { requestBody: requestBody(one, one.bodySchema, schemaOf) }),
      responses: {
        [success.status]: {
          description: success.description,
          content: { 'application/json': { schema: schemaOf(success.schema, 'output') } },
        },
        ...Object.fromEntries(
          problems.map(status => [status, { description: STATUS_CODES[status], content: problemContent }]),
        ),
      },
      ...(needsModerator && { security: [{ moderator: [] }] }),
    }
  }
  const { name, description } = site.settings
  return {
    openapi: '3.1.0',
    info: {
      title: `${name} API`,
      description,
      version: packageVersion(),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: siteUrl(site, '/api/v1') }],
    tags: [
      { name: 'catalog', description: 'What is listed' },
      { name: 'submissions', description: 'Offering something to the catalog' },
      { name: 'moderation', description: 'Reviewing what was offered; takes a moderator’s token' },
    ],
    paths,
    components: {
      schemas: components,
      securitySchemes: { moderator: { type: 'http', scheme: 'bearer', description: 'A moderator’s token' } },
    },
  }
}

type SchemaOf = (schema: z.ZodType, io: 'input' | 'output') => JsonObject

function parametersOf(
  schema: z.ZodObject | undefined,
  where: 'path' | 'query',
  schemaOf: SchemaOf,
): JsonObject[] {
  return Object.entries(schema?.shape ?? {}).map(([name, type]) => {
    const { description, ...rest } = schemaOf(type as z.ZodType, 'input')
    const isOptional = (type as z.ZodType).safeParse(undefined).success
    return {
      name,
      in: where,
      required: where === 'path' || !isOptional,
      ...(description !== undefined && { description }),
      schema: rest,
    }
  })
}

function requestBody({ formFiles }: Operation, schema: z.ZodObject, schemaOf: SchemaOf): JsonObject {
  const json = schemaOf(schema, 'input')
  const content: JsonObject = { 'application/json': { schema: json } }
  if (formFiles) {
    const files = Object.fromEntries(
      formFiles.map(name => [name, { type: 'string', contentMediaType: 'application/octet-stream' }]),
    )
    const properties = { ...(json.properties as JsonObject), ...files }
    content['multipart/form-data'] = { schema: { ...json, properties } }
  }
  return { required: true, content }
}

/** References within one schema, made to point at where the document keeps what they name. */
function pointedAtComponents(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/'))
}
