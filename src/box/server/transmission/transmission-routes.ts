import { type Context, Hono } from 'hono'
import { type HttpEnv, HttpError, prefersHtml } from '../../../http/index.ts'
import { isFault } from '../faults.ts'
import type { SteeredBox } from '../steered-box.ts'
import { type Answerer, answerMessage } from './message.ts'
import { RpcError } from './rpc-error.ts'
import { rpcMethods } from './rpc-methods.ts'
import { rpcVersion } from './session-fields.ts'
import { SessionIds } from './session-ids.ts'

const idHeader = 'x-transmission-session-id'

/**
 * The RPC of Transmission, at `/transmission/rpc`, for programs that know how to steer that one. Every call shows the id that the
 * server last gave, which a page of somebody else cannot read.
 */
export function transmissionRoutes(box: SteeredBox): Hono<HttpEnv> {
  const ids = new SessionIds()
  const methods = rpcMethods(box, ids)
  const answer: Answerer = async call => {
    try {
      return await methods(call)
    } catch (error) {
      if (!(error instanceof RpcError) && isFault(error)) box.desk.onProblem(`${call.method} failed`, error)
      throw error
    }
  }
  const routes = new Hono<HttpEnv>()
  for (const path of ['/rpc', '/rpc/']) {
    // Some programs ask for the id with a GET; a person is shown the pages.
    routes.get(path, c => {
      if (prefersHtml(c.req.header('accept'))) return c.redirect('/')
      if (!isKnown(c, ids)) return handOut(ids)
      throw notThis()
    })
    routes.post(path, async c => {
      if (!isKnown(c, ids)) return handOut(ids)
      const answered = await answerMessage(await c.req.text(), answer)
      const headers = { [idHeader]: ids.current, 'cache-control': 'no-store' }
      if (answered === undefined) return new Response(null, { status: 204, headers })
      return new Response(answered, {
        headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
      })
    })
    routes.all(path, () => {
      throw notThis()
    })
  }
  for (const path of ['/', '/web', '/web/*']) routes.get(path, c => c.redirect('/'))
  return routes
}

function notThis(): HttpError {
  return new HttpError(405, 'Calls are sent with POST.', { allow: 'POST' })
}

function isKnown(c: Context, ids: SessionIds): boolean {
  return ids.isGood(c.req.header(idHeader))
}

/** Which id has to be shown, and which form of the RPC is spoken. */
function handOut(ids: SessionIds): Response {
  return new Response('Send this again with the X-Transmission-Session-Id of this answer.\n', {
    status: 409,
    headers: {
      [idHeader]: ids.current,
      'x-transmission-rpc-version': rpcVersion,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
    },
  })
}
