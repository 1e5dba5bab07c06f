import { z } from 'zod'

/** A problem document (RFC 9457), as our APIs answer with where something does not go. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().optional().meta({ description: 'Stable across releases' }),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'What is wrong with each field' }),
  })
  .meta({ id: 'Problem' })
