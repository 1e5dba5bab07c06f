import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Owner } from './owner.ts'

type Answer = string | Uint8Array | ((request: IncomingMessage, response: ServerResponse) => void)

export interface FeedSite {
  readonly url: string
  /** What is answered to a path; others are 404. */
  readonly pages: Map<string, Answer>
  /** Requests that came, as they were. */
  readonly requests: IncomingMessage[]
}

/** A web server on 127.0.0.1 and any free port that answers what a test says. */
export async function startFeedSite(owner: Owner): Promise<FeedSite> {
  const pages = new Map<string, Answer>()
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    const answer = pages.get(request.url!)
    if (typeof answer === 'function') answer(request, response)
    else response.writeHead(answer === undefined ? 404 : 200).end(answer)
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  owner.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, pages, requests }
}

/** A feed as a site would write it; of an item every element as it is given. */
export function rssOf(title: string, items: readonly string[]): string {
  const written = items.map(item => `<item>${item}</item>`).join('\n')
  return `<?xml version="1.0"?>\n<rss version="2.0"><channel><title>${title}</title>\n${written}</channel></rss>`
}
