import { STATUS_CODES } from 'node:http'
import { z } from 'zod'
import { packageVersion } from '../../core/index.ts'
import type { Operation } from './operation.ts'
import { problemSchema } from './problem-schema.ts'

type JsonObject = Record<string, unknown>

/** What a document says beside its operations. */
export interface ApiDescription {
  readonly title: string
  readonly description: string
  /** Where the operations' paths begin. */
  readonly url: string
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  /** The token that operations may need. */
  readonly token: { readonly name: string; readonly description: string }
  /** Problems that every operation may answer with. */
  readonly problems: readonly number[]
  /** What is answered where a client does not wait for what takes long. */
  readonly workSchema?: z.ZodType | undefined
}

/** The OpenAPI 3.1 document of operations, made of the very schemas that check what comes and goes. */
export function openApiDocument<Caller>(
  { title, description, url, tags, token, problems: everywhere, workSchema }: ApiDescription,
  operations: readonly Operation<Caller>[],
): JsonObject {
  const components: JsonObject = {}
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => {
    const { $schema, $defs = {}, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
    Object.assign(components, pointedAtComponents($defs))
    return pointedAtComponents(rest)
  }
  const problemContent = { 'application/problem+json': { schema: schemaOf(problemSchema, 'output') } }
  const paths: Record<string, JsonObject> = {}
  for (const one of operations) {
    const { id, method, path, tag, summary, success, needsToken } = one
    const isAsync = workSchema !== undefined && one.isSlow === true
    const problems = [...new Set([...everywhere, ...one.problems, ...(isAsync ? [429] : [])])].sort(
      (a, b) => a - b,
    )
    paths[path] ??= {}
    paths[path][method] = {
      operationId: id,
      tags: [tag],
      summary,
      ...(one.description && { description: one.description }),
      parameters: [
        ...parametersOf(one.pathSchema, 'path', schemaOf),
        ...parametersOf(one.querySchema, 'query', schemaOf),
        ...(isAsync ? [preferParameter] : []),
      ],
      ...requestBody(one, schemaOf),
      responses: {
        [success.status]: { description: success.description, ...contentOf(success, schemaOf) },
        ...(isAsync && {
          202: {
            description: 'It has begun; Location says where to look after it',
            ...contentOf({ schema: workSchema }, schemaOf),
          },
        }),
        ...Object.fromEntries(
          problems.map(status => [status, { description: STATUS_CODES[status], content: problemContent }]),
        ),
      },
      ...(needsToken && { security: [{ [token.name]: [] }] }),
    }
  }
  return {
    openapi: '3.1.0',
    info: { title, description, version: packageVersion(), license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url }],
    tags,
    paths,
    components: {
      schemas: components,
      securitySchemes: { [token.name]: { type: 'http', scheme: 'bearer', description: token.description } },
    },
  }
}

const preferParameter = {
  name: 'Prefer',
  in: 'header',
  required: false,
  description: '`respond-async` does not wait for it (RFC 7240)',
  schema: { type: 'string' },
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

function contentOf<Caller>(
  { schema, contentType }: Pick<Operation<Caller>['success'], 'schema' | 'contentType'>,
  schemaOf: SchemaOf,
): JsonObject {
  if (schema) return { content: { 'application/json': { schema: schemaOf(schema, 'output') } } }
  return contentType === undefined ? {} : { content: { [contentType]: { schema: { type: 'string' } } } }
}

function requestBody<Caller>(
  { formFiles, bodySchema, takesBytes }: Operation<Caller>,
  schemaOf: SchemaOf,
): JsonObject {
  if (takesBytes) return { requestBody: { required: true, content: { 'application/octet-stream': {} } } }
  if (!bodySchema) return {}
  const json = schemaOf(bodySchema, 'input')
  const content: JsonObject = { 'application/json': { schema: json } }
  if (formFiles) {
    const files = Object.fromEntries(
      formFiles.map(name => [name, { type: 'string', contentMediaType: 'application/octet-stream' }]),
    )
    const properties = { ...(json.properties as JsonObject), ...files }
    content['multipart/form-data'] = { schema: { ...json, properties } }
  }
  return { requestBody: { required: true, content } }
}

/** References within one schema, made to point at where the document keeps what they name. */
function pointedAtComponents(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/'))
}
