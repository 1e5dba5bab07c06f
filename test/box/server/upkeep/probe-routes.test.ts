import test from 'ava'
import { Hono } from 'hono'
import { accessGuard } from '../../../../src/box/server/access-guard.ts'
import type { SteeredBox } from '../../../../src/box/server/steered-box.ts'
import { probeRoutes } from '../../../../src/box/server/upkeep/probe-routes.ts'
import { type HttpEnv, HttpError, httpErrorOf, problemOf } from '../../../../src/http/index.ts'

const token = 'abcdefghijklmnopqrstuvwxyz'
const swarm = { stats: () => ({ uploadBytesPerSecond: 1, downloadBytesPerSecond: 2, peers: 3, dhtNodes: 4 }) }
const upkeep = {
  history: { sums: { uploaded: 5, downloaded: 6 } },
  limits: { held: { isSlow: true } },
  hooks: { running: 0, waiting: 7 },
  health: { look: async () => ({ isOk: false, database: true, swarm: true, state: false }) },
}
const box = { shelf: { items: () => [{ state: 'seeding' }] }, swarm, upkeep } as unknown as SteeredBox

/** What is answered to a client of an address. */
async function ask(path: string, address: string, headers: Record<string, string> = {}) {
  const app = new Hono<HttpEnv>()
  app.use(async (c, next) => {
    c.set('address', address)
    await next()
  })
  app.route('/', probeRoutes(box, accessGuard({ token, count: () => {} })))
  app.notFound(() => problemOf(new HttpError(404, 'There is nothing here.')))
  app.onError(error => problemOf(httpErrorOf(error)))
  return app.request(path, { headers: { host: '127.0.0.1:8481', ...headers } })
}

test('metrics are for this machine without a token', async t => {
  for (const address of ['127.0.0.1', '::1']) t.is((await ask('/metrics', address)).status, 200)
})

test('from elsewhere metrics ask for the token, also where a proxy on this machine hands the request on', async t => {
  t.is((await ask('/metrics', '192.0.2.1')).status, 401)
  t.is((await ask('/metrics', '127.0.0.1', { 'x-forwarded-for': '192.0.2.1' })).status, 401)
  t.is((await ask('/metrics', '127.0.0.1', { host: 'box.example' })).status, 401)
  const headers = { authorization: `Bearer ${token}` }
  t.is((await ask('/metrics', '192.0.2.1', headers)).status, 200)
})

test('metrics hold what the box counts', async t => {
  const text = await (await ask('/metrics', '127.0.0.1')).text()
  for (const line of [
    'p2pshare_box_transfers{state="seeding"} 1',
    'p2pshare_box_rate_bytes_per_second{direction="down"} 2',
    'p2pshare_box_bytes_total{direction="up"} 5',
    'p2pshare_box_peers 3',
    'p2pshare_box_dht_nodes 4',
    'p2pshare_box_slow_hours 1',
    'p2pshare_box_hooks_waiting 7',
  ])
    t.true(text.includes(`${line}\n`), line)
})

test('a box that is not well says what is wrong, with 503, to whoever asks', async t => {
  const answer = await ask('/healthz', '192.0.2.1')
  t.is(answer.status, 503)
  t.deepEqual(await answer.json(), { status: 'failing', database: true, swarm: true, state: false })
})

test('below the probes there is nothing', async t => {
  t.is((await ask('/metrics/more', '127.0.0.1')).status, 404)
})
