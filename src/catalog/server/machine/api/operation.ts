import { type Operation as AnyOperation, operationsFor } from '../../../../http/index.ts'

/** Whose token it is; nobody's where an operation takes none. */
export interface ApiCaller {
  readonly name: string
}

/** One thing that a site's API does. */
export type Operation = AnyOperation<ApiCaller>

/** Declares one; its handler is typed by its schemas. */
export const operation: ReturnType<typeof operationsFor<ApiCaller>> = operationsFor()
