import { HttpError } from '../../../http/index.ts'
import { maxClients } from '../events/event-feed.ts'
import type { SteeredBox } from '../steered-box.ts'
import { type BoxOperation, operation } from './box-operation.ts'

/** What happens, as it happens. */
export function eventOperations({ desk }: SteeredBox): BoxOperation[] {
  const headers = {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    // A proxy must not wait until there is more to send.
    'x-accel-buffering': 'no',
  }
  return [
    operation({
      id: 'listen',
      method: 'get',
      path: '/events',
      tag: 'events',
      needsToken: true,
      summary: 'Server-sent events of what changes',
      description:
        'First `snapshot` with `transfers` and `status`; then `transfers` with `changed` (as they are now), `added`, `done` and ' +
        '`removed` (their numbers), twice a second at most; and `stats` every 2 seconds, which is `status` anew. Whoever was away ' +
        'gets a snapshot again.',
      success: { status: 200, description: 'Events', contentType: 'text/event-stream' },
      problems: [503],
      async handle({ request }) {
        if (request.method === 'HEAD') return new Response(null, { headers })
        const stream = desk.events.open()
        if (stream) return new Response(stream, { headers })
        throw new HttpError(503, `${maxClients} listen already.`, { 'retry-after': '10' })
      },
    }),
  ]
}
