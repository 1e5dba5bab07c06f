import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { fewAtOnce, P2pShareError } from '../../../core/index.ts'
import type { Item } from '../../shelf/item.ts'
import { beginRecheck } from '../../shelf/steer-item.ts'
import type { SteeredBox } from '../steered-box.ts'
import { type BoxOperation, operation } from './box-operation.ts'

/** How many transfers one request may name. */
const mostSteered = 10_000
/** Worked on side by side: more only wait for the disk. */
const steeredAtOnce = 16

/** What is done with many transfers. */
const steerBody = z.strictObject({
  ids: z.array(z.int().min(1)).min(1).max(mostSteered).meta({ description: 'Their numbers' }),
  do: z.enum(['pause', 'resume', 'recheck', 'remove']),
  data: z
    .boolean()
    .optional()
    .meta({ description: 'With remove: whether to delete the files too that it wrote' }),
})

const steerAnswer = z.object({
  done: z.int().meta({ description: 'With how many it was done, or begun' }),
  failed: z.array(z.object({ id: z.int(), code: z.string(), detail: z.string() })),
  left: z.int().meta({ description: 'How many files were not deleted though they were to be' }),
})

/** What can be done with many transfers at once. */
export function manyOperations({ shelf, desk }: SteeredBox): BoxOperation[] {
  return [
    operation({
      tag: 'transfers',
      needsToken: true,
      method: 'post',
      id: 'steerTransfers',
      path: '/transfers/steer',
      summary: 'Pause, resume, check or remove many at once',
      description: 'What one runs into does not keep the others: the answer says with which it was not done.',
      bodySchema: steerBody,
      maxBodyBytes: 200_000,
      isSlow: true,
      success: { status: 200, description: 'With how many it was done', schema: steerAnswer },
      problems: [413, 415],
      async handle({ body: { ids, do: verb, data } }) {
        let left = 0
        const steer = {
          pause: (item: Item) => shelf.pause(item),
          resume: (item: Item) => shelf.resume(item),
          recheck: async (item: Item) => beginRecheck(item, desk.onProblem),
          remove: async (item: Item) => {
            left += (await shelf.remove(item, { data: data ?? false })).length
          },
        }[verb]
        const unique = new Set(ids)
        const failed = await failuresOf(unique, async id => {
          const item = shelf.lookUp(id)
          if (!item) throw new P2pShareError('ERR_NO_SUCH_TRANSFER', `There is no transfer ${id} any more`)
          await steer(item)
        })
        return { done: unique.size - failed.length, failed, left }
      },
    }),
  ]
}

type Failures = z.output<typeof steerAnswer>['failed']

/** Works on each, some at once, and answers which failed. What is no failure of a transfer ends it all. */
async function failuresOf(ids: ReadonlySet<number>, work: (id: number) => Promise<void>): Promise<Failures> {
  const failed: Failures = []
  const attempt = async (id: number) => {
    await work(id).catch(error => {
      if (!(error instanceof P2pShareError)) throw error
      failed.push({ id, code: error.code, detail: error.message })
    })
    // Whoever else asks the box is answered in between.
    await setImmediate()
  }
  await fewAtOnce(ids, attempt, steeredAtOnce)
  return failed
}
