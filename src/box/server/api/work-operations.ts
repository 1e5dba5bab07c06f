import { z } from 'zod'
import { readPreferences } from '../../../http/index.ts'
import { type BoxOperation, operation } from './box-operation.ts'
import type { Work, Works } from './works.ts'

const mostWaitSeconds = 25
const bytes = z.number().nonnegative()

export const workAnswer = z
  .object({
    id: z.int().meta({ description: 'From 1, never given twice in a run of the box' }),
    operation: z.string().meta({ description: 'What began it, as this document names it' }),
    state: z.enum(['running', 'done', 'failed']),
    startedAt: z.string(),
    endedAt: z.string().optional(),
    progress: z
      .object({ doneBytes: bytes, totalBytes: bytes })
      .optional()
      .meta({ description: 'Left out until something is done, and where it cannot be told' }),
    result: z.unknown().meta({ description: 'Once it is done: what the operation would have answered' }),
    problem: z
      .object({ status: z.int(), detail: z.string(), code: z.string().optional() })
      .optional()
      .meta({ description: 'Why it failed, where it did' }),
  })
  .meta({ id: 'Work' })

/** Work that was asked for with `Prefer: respond-async`. */
export function workOperations(works: Works): BoxOperation[] {
  const common = { tag: 'works', needsToken: true, method: 'get' } as const
  return [
    operation({
      ...common,
      id: 'listWorks',
      path: '/works',
      summary: 'What takes long and nobody waits for, and what became of it',
      success: {
        status: 200,
        description: 'The last 100, the oldest first',
        schema: z.object({ works: z.array(workAnswer) }),
      },
      handle: async () => ({ works: works.list().map(workView) }),
    }),
    operation({
      ...common,
      id: 'getWork',
      path: '/works/{work}',
      summary: 'How far work has come',
      description: `With \`Prefer: wait=10\` it is answered once it has ended, or after 10 seconds; at most ${mostWaitSeconds}.`,
      pathSchema: z.object({ work: z.coerce.number().int().min(1) }),
      success: { status: 200, description: 'The work', schema: workAnswer },
      problems: [404],
      async handle({ path, request }) {
        const { waitSeconds } = readPreferences(request.headers.get('prefer') ?? undefined)
        const waitMs = Math.min(waitSeconds, mostWaitSeconds) * 1000
        return workView(await works.find(path.work, waitMs, request.signal))
      },
    }),
  ]
}

export function workView({ startedAt, endedAt, ...work }: Work): z.input<typeof workAnswer> {
  return { ...work, startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() }
}
