import type { z } from 'zod'

/** Parts of the document that operations are sorted under. */
type OperationTag = 'catalog' | 'submissions' | 'moderation'

/** What an operation answers where all goes well. */
interface SuccessAnswer {
  readonly status: 200 | 201
  readonly description: string
  readonly schema: z.ZodType
}

/** What arrives at an operation, checked. */
interface OperationInput<Path, Query, Body> {
  readonly path: Path
  readonly query: Query
  readonly body: Body
  /** Who asks, as an IP address. */
  readonly address: string
  /** Whose token it is; nobody's where the operation takes none. */
  readonly moderator: { readonly name: string }
}

/** One thing that the API does: what routes it and what describes it are the same, so that they cannot differ. */
export interface Operation {
  readonly id: string
  readonly method: 'get' | 'post' | 'patch' | 'delete'
  /** As OpenAPI writes it, below `/api/v1`. */
  readonly path: `/${string}`
  readonly tag: OperationTag
  readonly summary: string
  readonly description?: string
  readonly pathSchema?: z.ZodObject | undefined
  readonly querySchema?: z.ZodObject | undefined
  readonly bodySchema?: z.ZodObject | undefined
  /** The fields of the body that are files where it comes as `multipart/form-data`; without it JSON only is taken. */
  readonly formFiles?: readonly string[] | undefined
  /** @default 65_536 */
  readonly maxBodyBytes?: number | undefined
  readonly success: SuccessAnswer
  /** Beside 400 for parameters that break their schema. */
  readonly problems: readonly number[]
  readonly needsModerator: boolean
  handle(input: OperationInput<never, never, never>): Promise<unknown>
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

interface OperationInit<Path, Query, Body, Answer extends z.ZodType>
  extends Omit<Operation, 'handle' | 'success' | 'needsModerator' | 'problems'> {
  readonly pathSchema?: (Path & z.ZodObject) | undefined
  readonly querySchema?: (Query & z.ZodObject) | undefined
  readonly bodySchema?: (Body & z.ZodObject) | undefined
  readonly success: SuccessAnswer & { readonly schema: Answer }
  readonly problems?: readonly number[]
  readonly needsModerator?: boolean
  handle(input: OperationInput<Parsed<Path>, Parsed<Query>, Parsed<Body>>): Promise<z.input<Answer>>
}

/** Declares an operation; its handler is typed by its schemas. */
export function operation<Answer extends z.ZodType, Path = undefined, Query = undefined, Body = undefined>(
  init: OperationInit<Path, Query, Body, Answer>,
): Operation {
  const { problems = [], needsModerator = false } = init
  const own = needsModerator ? [401, 403] : []
  return { ...init, needsModerator, problems: [...new Set([...problems, ...own])] } as Operation
}
