import { setImmediate } from 'node:timers/promises'
import type { z } from 'zod'
import type { transfersAnswer } from './transfer-schemas.ts'

type Shown = z.input<typeof transfersAnswer>['transfers'][number]

/** What is written in about a millisecond. */
const atOnce = 250
const headers = { 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8' }

/**
 * The answer with a list of transfers, written as it is sent, some at a time: a list of thousands keeps nobody else waiting, and is
 * never in memory as a whole.
 *
 * @param total how many there are beside those that are shown
 */
export function transferList<Item>(
  total: number,
  items: readonly Item[],
  view: (item: Item) => Shown,
): Response {
  const [head, end] = [`{"total":${total},"transfers":[`, ']}\n']
  const write = (from: number) => {
    const shown = items.slice(from, from + atOnce).map(view)
    return (from === 0 ? head : ',') + JSON.stringify(shown).slice(1, -1)
  }
  if (items.length <= atOnce) return new Response(write(0) + end, { headers })
  const encoder = new TextEncoder()
  let at = 0
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await setImmediate()
        const text = write(at)
        at += atOnce
        const isLast = at >= items.length
        controller.enqueue(encoder.encode(isLast ? text + end : text))
        if (isLast) controller.close()
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(stream, { headers })
}
