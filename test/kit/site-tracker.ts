import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SiteTracker, type SiteTrackerInit } from '../../src/catalog/server/tracker.ts'
import type { Owner } from './owner.ts'

export interface RunningTracker {
  readonly tracker: SiteTracker
  /** Of the server that it is part of. */
  readonly url: string
  readonly announceUrls: readonly string[]
}

/** The site's tracker behind a bare HTTP server of its own, on 127.0.0.1 and any free port. */
export async function startSiteTracker(owner: Owner, init: SiteTrackerInit = {}): Promise<RunningTracker> {
  const tracker = await SiteTracker.start(init)
  const server = createServer(async ({ url, socket }, response) => {
    const answer = await tracker.answer(new Request(`http://127.0.0.1${url}`), socket.remoteAddress ?? '')
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    response.end(Buffer.from(await answer.arrayBuffer()))
  })
  server.on('upgrade', (request, socket, head) =>
    tracker.upgrade(request, socket, head, request.socket.remoteAddress ?? ''),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  owner.teardown(async () => {
    await tracker.stop()
    server.close()
    server.closeAllConnections()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { tracker, url, announceUrls: tracker.announceUrls(url) }
}
