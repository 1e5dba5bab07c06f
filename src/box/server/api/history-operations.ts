import { z } from 'zod'
import { type SpanName, spans } from '../../history/spans.ts'
import type { SteeredBox } from '../steered-box.ts'
import { type BoxOperation, operation } from './box-operation.ts'

const bytes = z.number().nonnegative()
const names = Object.keys(spans) as [SpanName, ...SpanName[]]

const historyAnswer = z
  .object({
    span: z.enum(names),
    stepSeconds: z.int().meta({ description: 'How long a step is' }),
    uploadedBytes: bytes,
    downloadedBytes: bytes,
    steps: z
      .array(
        z.object({
          at: z.string().meta({ description: 'Its beginning' }),
          seconds: z.number().meta({ description: 'How much of it the box was there for' }),
          uploadedBytes: bytes,
          downloadedBytes: bytes,
          uploadBytesPerSecond: bytes,
          downloadBytesPerSecond: bytes,
          peers: z.number().meta({ description: 'The mean' }),
        }),
      )
      .readonly()
      .meta({ description: 'Oldest first; of a time in which the box did not run there is none' }),
  })
  .meta({ id: 'History' })

/** What went through the box. */
export function historyOperations({ upkeep }: SteeredBox): BoxOperation[] {
  return [
    operation({
      tag: 'box',
      needsToken: true,
      id: 'getHistory',
      method: 'get',
      path: '/history',
      summary: 'What went through in the last hour, day or month',
      querySchema: z.object({ span: z.enum(names).optional() }),
      success: {
        status: 200,
        description: 'In steps of ten seconds, a minute or an hour',
        schema: historyAnswer,
      },
      handle: ({ query: { span = 'hour' } }) => upkeep.history.read(span),
    }),
  ]
}
