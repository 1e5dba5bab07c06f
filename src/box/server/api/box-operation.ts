import { z } from 'zod'
import { type Operation, operationsFor } from '../../../http/index.ts'

/** One thing that the box's API does. Whoever has the token may do all of it. */
export type BoxOperation = Operation<undefined>

/** Declares one; its handler is typed by its schemas. */
export const operation: ReturnType<typeof operationsFor<undefined>> = operationsFor()

/** A transfer by its number, its info-hash or the beginning of that, or its name: see `findItem`. */
export const ofTransfer = z.object({ transfer: z.string().min(1).max(1_000) })

/** Nothing is answered but that it is done. */
export const done = { status: 204, description: 'Done' } as const
