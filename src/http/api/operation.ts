import type { z } from 'zod'

/** What an operation answers where all goes well. */
interface SuccessAnswer {
  readonly status: 200 | 201 | 202 | 204
  readonly description: string
  /** Left out with 204, and where the answer is no JSON. */
  readonly schema?: z.ZodType | undefined
  /** Of an answer that the handler makes itself. @default application/json */
  readonly contentType?: string | undefined
}

/** How far an operation has come that takes long. */
export interface WorkProgress {
  readonly doneBytes: number
  readonly totalBytes: number
}

/** What arrives at an operation, checked. */
interface OperationInput<Path, Query, Body, Caller> {
  readonly path: Path
  readonly query: Query
  readonly body: Body
  /** Who asks, as an IP address. */
  readonly address: string
  /** Whose token it is; nobody's where the operation takes none. */
  readonly caller: Caller
  /** For operations that take a body as it comes. */
  readonly request: Request
  /** Where somebody looks after it that does not wait. */
  readonly onProgress?: ((progress: WorkProgress) => void) | undefined
}

/** One thing that an API does: what routes it and what describes it are the same, so that they cannot differ. */
export interface Operation<Caller = unknown> {
  readonly id: string
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** As OpenAPI writes it, below the address of the API. */
  readonly path: `/${string}`
  /** Part of the document that it is sorted under. */
  readonly tag: string
  readonly summary: string
  readonly description?: string | undefined
  readonly pathSchema?: z.ZodObject | undefined
  readonly querySchema?: z.ZodObject | undefined
  readonly bodySchema?: z.ZodObject | undefined
  /** The fields of the body that are files where it comes as `multipart/form-data`; without it JSON only is taken. */
  readonly formFiles?: readonly string[] | undefined
  /** The fields of a form that are lists: given several times, or with commas between. */
  readonly formLists?: readonly string[] | undefined
  /** The body is bytes, which the handler reads and bounds itself. */
  readonly takesBytes?: boolean | undefined
  /** @default 65_536 */
  readonly maxBodyBytes?: number | undefined
  /** It may take longer than a connection is left silent otherwise; who asks may choose not to wait. */
  readonly isSlow?: boolean | undefined
  readonly success: SuccessAnswer
  /** Beside 400 for parameters that break their schema. */
  readonly problems: readonly number[]
  readonly needsToken: boolean
  /** Answers what `success.schema` describes; a `Response` goes out as it is. */
  handle(input: OperationInput<never, never, never, Caller>): Promise<unknown>
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined
type Answered<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined

export interface OperationInit<Path, Query, Body, Answer, Caller>
  extends Omit<Operation, 'handle' | 'success' | 'needsToken' | 'problems'> {
  readonly pathSchema?: (Path & z.ZodObject) | undefined
  readonly querySchema?: (Query & z.ZodObject) | undefined
  readonly bodySchema?: (Body & z.ZodObject) | undefined
  readonly success: SuccessAnswer & { readonly schema?: (Answer & z.ZodType) | undefined }
  readonly problems?: readonly number[]
  readonly needsToken?: boolean
  handle(
    input: OperationInput<Parsed<Path>, Parsed<Query>, Parsed<Body>, Caller>,
  ): Promise<Answered<Answer> | Response>
}

/** Declares an operation; its handler is typed by its schemas. */
type Declare<Caller> = <Answer = undefined, Path = undefined, Query = undefined, Body = undefined>(
  init: OperationInit<Path, Query, Body, Answer, Caller>,
) => Operation<Caller>

/** Makes what declares the operations of an API. */
export function operationsFor<Caller>(): Declare<Caller> {
  return init => {
    const { problems = [], needsToken = false } = init
    const own = needsToken ? [401, 403] : []
    return { ...init, needsToken, problems: [...new Set([...problems, ...own])] } as Operation<Caller>
  }
}
