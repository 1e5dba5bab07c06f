import { Hono } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import type { TransferView } from '../../src/box/index.ts'
import { clientRoutes, dashboardRoutes } from '../../src/box/server/dashboard/dashboard-routes.ts'
import { type HttpEnv, listen, securityHeaders } from '../../src/http/index.ts'
import type { Owner } from './owner.ts'

/** A box of which a test says what it answers: many transfers, hostile names, silence. */
export interface FakeBox {
  readonly url: string
  /** Requests that would have changed something: method, path, body. */
  readonly asked: { readonly what: string; readonly body: unknown }[]
  /** Pages that listen at the moment. */
  readonly listeners: number
  /** Sends an event to every page. */
  send(event: string, data: unknown): Promise<void>
  /** Ends what pages listen to, and refuses it until `comeBack`. */
  goAway(): Promise<void>
  comeBack(): void
}

export interface FakeBoxInit {
  readonly transfers?: readonly TransferView[] | undefined
  /** Answers to GET by path below `/api/v1`; of others there is nothing. */
  readonly answers?: Readonly<Record<string, unknown>> | undefined
  /** Answers to what would change something, by method and path; others are answered with a transfer. */
  readonly outcomes?: Readonly<Record<string, unknown>> | undefined
}

const own = "'self'"

export async function startFakeBox(owner: Owner, init: FakeBoxInit = {}): Promise<FakeBox> {
  const { transfers = [], answers = {}, outcomes = {} } = init
  const asked: { what: string; body: unknown }[] = []
  const streams = new Map<SSEStreamingApi, () => void>()
  let isAway = false
  const app = new Hono<HttpEnv>()
  app.use(
    securityHeaders({ csp: { 'img-src': own, 'style-src': own, 'script-src': own, 'connect-src': own } }),
  )
  app.route('/', clientRoutes())
  app.route(
    '/',
    dashboardRoutes({
      shelf: {
        find: reference => {
          const { magnet } = transfers.find(({ id }) => id === Number(reference))!
          return { transfer: undefined, entry: { source: { magnet } } }
        },
      },
    }),
  )
  app.get('/api/v1/events', context => {
    if (isAway) return context.body(null, 503)
    return streamSSE(context, async stream => {
      await stream.writeSSE({ event: 'snapshot', data: JSON.stringify({ transfers }) })
      const { promise, resolve } = Promise.withResolvers<void>()
      streams.set(stream, resolve)
      stream.onAbort(resolve)
      await promise
      streams.delete(stream)
    })
  })
  app.get('/api/v1/*', context => {
    const answer = answers[context.req.path.slice('/api/v1'.length)]
    return answer === undefined
      ? context.json({ detail: 'There is nothing here.' }, 404)
      : context.json(answer)
  })
  app.all('/api/v1/*', async context => {
    const text = await context.req.text()
    const url = new URL(context.req.url)
    const what = `${context.req.method} ${url.pathname.slice('/api/v1'.length)}${url.search}`
    asked.push({ what, body: readJson(text) })
    const outcome = outcomes[what] ?? { id: 1 }
    return outcome instanceof Response ? outcome.clone() : context.json(outcome)
  })
  const server = await listen((request, env) => app.fetch(request, env), { port: 0, closeTimeoutMs: 100 })
  owner.teardown(() => server.close())
  const endAll = () => {
    for (const end of streams.values()) end()
  }
  owner.teardown(endAll)
  return {
    url: server.url,
    asked,
    get listeners() {
      return streams.size
    },
    async send(event, data) {
      await Promise.all(
        [...streams.keys()].map(stream => stream.writeSSE({ event, data: JSON.stringify(data) })),
      )
    },
    async goAway() {
      isAway = true
      endAll()
    },
    comeBack() {
      isAway = false
    },
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** A transfer as a box tells of it. */
export function fakeTransfer(id: number, view: Partial<TransferView> = {}): TransferView {
  const infoHash = id.toString(16).padStart(40, '0') as TransferView['infoHash']
  return {
    id,
    infoHash,
    name: `Clip ${id}.avi`,
    magnet: `magnet:?xt=urn:btih:${infoHash}`,
    state: 'seeding',
    reason: undefined,
    origin: 'api',
    labels: [],
    path: `/media/Clip ${id}.avi`,
    sizeBytes: 1_000_000,
    haveBytes: 1_000_000,
    downloadBytesPerSecond: 0,
    uploadBytesPerSecond: 0,
    downloadedBytes: 1_000_000,
    uploadedBytes: 500_000,
    ratio: 0.5,
    peers: 0,
    seeds: 0,
    etaSeconds: undefined,
    addedAt: new Date(1_700_000_000_000 + id * 1_000).toISOString(),
    doneAt: new Date(1_700_000_100_000 + id * 1_000).toISOString(),
    ...view,
  } as TransferView
}
