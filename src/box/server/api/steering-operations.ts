import { isAbsolute } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { listFiles, P2pShareError } from '../../../core/index.ts'
import type { EntryChange } from '../../shelf/entry.ts'
import type { Item } from '../../shelf/item.ts'
import { choosePriorities, moveItem, queueItems, runningTransfer } from '../../shelf/steer-item.ts'
import type { SteeredBox } from '../steered-box.ts'
import { viewOf } from '../transfer-view.ts'
import { type BoxOperation, done, ofTransfer, operation } from './box-operation.ts'
import { changeBody, folderSchema, transferAnswer } from './transfer-schemas.ts'

/** How many transfers one request may name. */
const mostSteered = 10_000
/** Worked on side by side: more only wait for the disk. */
const steeredAtOnce = 16

/** What is done with many transfers. */
export const steerBody = z.strictObject({
  ids: z.array(z.int().min(1)).min(1).max(mostSteered).meta({ description: 'Their numbers' }),
  do: z.enum(['pause', 'resume', 'recheck', 'remove']),
  data: z
    .boolean()
    .optional()
    .meta({ description: 'With remove: whether to delete the files too that it wrote' }),
})

export const steerAnswer = z.object({
  done: z.int().meta({ description: 'With how many it was done, or begun' }),
  failed: z.array(z.object({ id: z.int(), code: z.string(), detail: z.string() })),
  left: z.int().meta({ description: 'How many files were not deleted though they were to be' }),
})

/** What can be done with a transfer, and with many. */
export function steeringOperations({ shelf, desk }: SteeredBox): BoxOperation[] {
  const recheck = (item: Item) => {
    const checking = runningTransfer(item).recheck()
    checking.catch(error => desk.onProblem(`${item.name} cannot be checked`, error))
  }
  const common = {
    tag: 'transfers',
    needsToken: true,
    method: 'post',
    pathSchema: ofTransfer,
    success: done,
    problems: [404],
  } as const
  return [
    operation({
      ...common,
      id: 'changeTransfer',
      method: 'patch',
      path: '/transfers/{transfer}',
      summary: 'Change labels, limits, goals, the place in the queue, and which files are fetched',
      bodySchema: changeBody,
      maxBodyBytes: 4_000_000,
      success: { status: 200, description: 'As it is now', schema: transferAnswer },
      problems: [404, 413, 415],
      async handle({ path, body }) {
        const item = shelf.find(path.transfer)
        const change = changeOf(item, body)
        if (Object.keys(change).length > 0) await shelf.change(item, change)
        if (body.queue) await queueItems(shelf, [item], body.queue)
        return viewOf(item, performance.now())
      },
    }),
    operation({
      ...common,
      id: 'pauseTransfer',
      path: '/transfers/{transfer}/pause',
      summary: 'Hold a transfer: nothing of it is fetched or given',
      handle: async ({ path }) => shelf.pause(shelf.find(path.transfer)) as Promise<undefined>,
    }),
    operation({
      ...common,
      id: 'resumeTransfer',
      path: '/transfers/{transfer}/resume',
      summary: 'Let a transfer go on, also one that failed or has given enough',
      handle: async ({ path }) => shelf.resume(shelf.find(path.transfer)) as Promise<undefined>,
    }),
    operation({
      ...common,
      id: 'recheckTransfer',
      path: '/transfers/{transfer}/recheck',
      summary: 'Hash everything on disk anew; its state is `checking` meanwhile',
      success: { status: 202, description: 'It has begun' },
      async handle({ path }) {
        recheck(shelf.find(path.transfer))
        return undefined
      },
    }),
    operation({
      ...common,
      id: 'announceTransfer',
      path: '/transfers/{transfer}/announce',
      summary: 'Ask trackers and the DHT for peers now',
      async handle({ path }) {
        runningTransfer(shelf.find(path.transfer)).announce()
        return undefined
      },
    }),
    operation({
      ...common,
      id: 'moveTransfer',
      path: '/transfers/{transfer}/move',
      summary: 'Put the files into another folder, and go on there',
      description: 'Answered once they are there, which takes long between disks.',
      bodySchema: z.strictObject({ folder: folderSchema }),
      isSlow: true,
      success: { status: 200, description: 'As it is now', schema: transferAnswer },
      problems: [404, 409, 415, 503],
      async handle({ path, body: { folder } }) {
        const item = shelf.find(path.transfer)
        await moveItem(shelf, item, absolute(folder))
        return viewOf(item, performance.now())
      },
    }),
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
          recheck: async (item: Item) => recheck(item),
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
  const left = ids.values()
  const worker = async () => {
    for (const id of left) {
      await work(id).catch(error => {
        if (!(error instanceof P2pShareError)) throw error
        failed.push({ id, code: error.code, detail: error.message })
      })
      // Whoever else asks the box is answered in between.
      await setImmediate()
    }
  }
  await Promise.all(Array.from({ length: steeredAtOnce }, worker))
  return failed
}

/** @throws {P2pShareError} `ERR_INVALID_ARGUMENT` */
export function absolute(path: string): string {
  if (isAbsolute(path)) return path
  throw new P2pShareError('ERR_INVALID_ARGUMENT', `"${path}" is no absolute path on the machine of the box`)
}

/** What a body asks to be kept. */
function changeOf(item: Item, body: z.output<typeof changeBody>): EntryChange {
  const { labels, uploadLimit, downloadLimit, ratioGoal, seedSecondsGoal, priorities, only, skip } = body
  const { limits, goals } = item.entry
  const hasLimits = uploadLimit !== undefined || downloadLimit !== undefined
  const hasGoals = ratioGoal !== undefined || seedSecondsGoal !== undefined
  const seedMs = typeof seedSecondsGoal === 'number' ? seedSecondsGoal * 1000 : seedSecondsGoal
  return {
    ...(labels && { labels: [...new Set(labels)] }),
    ...(hasLimits && {
      limits: {
        upload: changed(uploadLimit, limits.upload),
        download: changed(downloadLimit, limits.download),
      },
    }),
    ...(hasGoals && {
      goals: { ratio: changed(ratioGoal, goals.ratio), seedMs: changed(seedMs, goals.seedMs) },
    }),
    ...((only || skip) && { priorities: choosePriorities(item, { only, skip }) }),
    ...(priorities && { priorities: numbered(item, priorities) }),
  }
}

/** `null` takes back, `undefined` leaves as it was. */
function changed(value: number | null | undefined, before: number | undefined): number | undefined {
  return value === undefined ? before : (value ?? undefined)
}

function numbered(
  item: Item,
  given: readonly { readonly number: number; readonly priority: number }[],
): ReadonlyMap<number, number> {
  const listed = listFiles(runningTransfer(item).metainfo?.files ?? [])
  const priorities = new Map(item.entry.priorities)
  for (const { number, priority } of given) {
    const file = listed[number - 1]
    if (!file)
      throw new P2pShareError(
        'ERR_NO_SUCH_FILE',
        `${item.name} has ${listed.length} files, none is ${number}`,
      )
    priorities.set(file.index, priority)
  }
  return priorities
}
