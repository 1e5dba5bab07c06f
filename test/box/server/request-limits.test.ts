import test from 'ava'
import { BoxClient } from '../../../src/box/index.ts'
import { requestCount } from '../../../src/box/server/request-limits.ts'
import { startBox } from '../../kit/box.ts'

/** A box that takes nobody for its owner. */
const closed = { settings: '[server]\npublic_url = "http://box.localhost"\n' }

test('wrong tokens are soon refused, however they are shown, and the right one never is', async t => {
  const { box, ask } = await startBox(t, closed)
  const basic = `Basic ${Buffer.from('p2pshare:guess').toString('base64')}`
  const guesses = [
    { authorization: 'Bearer guess' },
    { authorization: basic },
    { cookie: 'p2pshare-box=guess' },
    { authorization: 'Digest guess' },
  ]
  const statuses: number[] = []
  for (let guess = 0; guess < 24; guess++)
    statuses.push((await fetch(`${box.url}/api/v1/status`, { headers: guesses[guess % 4]! })).status)
  t.deepEqual(statuses.slice(0, 10), Array(10).fill(401))
  t.deepEqual(statuses.slice(12), Array(12).fill(429))
  const guess = new BoxClient(box.url, 'guess')
  await t.throwsAsync(guess.status(), { code: 'ERR_RATE_LIMITED' })
  t.is((await ask('/api/v1/status')).status, 200)
  const form = { method: 'POST', redirect: 'manual' } as const
  const body = (token: string) => new URLSearchParams({ token })
  t.is((await fetch(`${box.url}/sign-in`, { ...form, body: body('guess') })).status, 429)
  t.is((await fetch(`${box.url}/sign-in`, { ...form, body: body(box.token.value) })).status, 303)
})

test('through a proxy on this machine each address counts by itself', async t => {
  const { box } = await startBox(t, closed)
  const guess = async (forwarded: string) => {
    const headers = { authorization: 'Bearer guess', 'x-forwarded-for': forwarded }
    return (await fetch(`${box.url}/api/v1/status`, { headers })).status
  }
  for (let count = 0; count < 12; count++) await guess('192.0.2.1')
  t.is(await guess('192.0.2.1'), 429)
  t.is(await guess('192.0.2.9, 192.0.2.1'), 429, 'what a client says of itself is not believed')
  t.is(await guess('192.0.2.2'), 401)
})

test('who shows nothing may load pages, and is refused in the end', async t => {
  const { box, ask } = await startBox(t, closed)
  const statuses = async (path: string) => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => fetch(box.url + path)))
    return answers.map(({ status }) => status)
  }
  for (let round = 0; round < 15; round++)
    t.deepEqual(new Set(await statuses('/sign-in')), new Set([200]), 'pages are loaded one after the other')
  /** More than flows in meanwhile. */
  const refused = async (path: string) => {
    for (let round = 0; round < 50; round++) if ((await statuses(path)).includes(429)) return true
    return false
  }
  t.true(await refused('/sign-in'))
  t.true(await refused('/api/v1/status'))
  t.is((await ask('/api/v1/status')).status, 200)
  t.is((await fetch(`${box.url}/healthz`)).status, 200, 'who keeps the box running is always answered')
})

test('a page of 20,000 rows that are steered one by one is not held up, and a loop without end is', t => {
  let now = 0
  const count = requestCount(() => now)
  for (let row = 0; row < 20_000; row++) count('known', '127.0.0.1')
  t.throws(() => count('known', '127.0.0.1'), { message: /too much at once/ })
  now += 1_000
  for (let request = 0; request < 1_000; request++) count('known', '127.0.0.1')
  t.throws(() => count('known', '127.0.0.1'))
})
