import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { listFiles, P2pShareError } from '../../../core/index.ts'
import type { EntryChange } from '../../shelf/entry.ts'
import type { Item } from '../../shelf/item.ts'
import {
  beginRecheck,
  choosePriorities,
  moveItem,
  queueItems,
  runningTransfer,
} from '../../shelf/steer-item.ts'
import type { SteeredBox } from '../steered-box.ts'
import { viewOf } from '../transfer-view.ts'
import { type BoxOperation, done, ofTransfer, operation } from './box-operation.ts'
import { changeBody, folderSchema, transferAnswer } from './transfer-schemas.ts'

/** What can be done with a transfer. */
export function steeringOperations({ shelf, desk }: SteeredBox): BoxOperation[] {
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
        beginRecheck(shelf.find(path.transfer), desk.onProblem)
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
  ]
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
