import test from 'ava'
import { SignInCodes } from '../../../src/box/server/sign-in-codes.ts'
import { startBox } from '../../kit/box.ts'

test('a code is good once', t => {
  const codes = new SignInCodes()
  const code = codes.make()
  t.true(codes.take(code))
  t.false(codes.take(code))
  t.false(codes.take('guessed'))
})

test('a code is good for a quarter of an hour', t => {
  let nowMs = 0
  const codes = new SignInCodes({ now: () => nowMs })
  const [one, other] = [codes.make(), codes.make()]
  nowMs = 15 * 60_000 - 1
  t.true(codes.take(one))
  nowMs++
  t.false(codes.take(other))
})

test('of codes that nobody uses no more than a hundred are kept', t => {
  const codes = new SignInCodes()
  const made = Array.from({ length: 101 }, () => codes.make())
  t.deepEqual([codes.take(made[0]!), codes.take(made[1]!)], [false, true])
})

test('a link lets one browser in, once, and is made for who has the token alone', async t => {
  const { box, ask } = await startBox(t, { settings: '[server]\npublic_url = "http://box.localhost"\n' })
  const nobody = await fetch(`${box.url}/api/v1/sign-in-links`, { method: 'POST' })
  t.is(nobody.status, 401)
  const made = await ask('/api/v1/sign-in-links', { method: 'POST' })
  t.is(made.status, 201)
  const { pathname, host } = new URL(((await made.json()) as { url: string }).url)
  t.is(host, 'box.localhost')
  const follow = () => fetch(box.url + pathname, { redirect: 'manual' })
  const first = await follow()
  t.deepEqual([first.status, first.headers.get('location')], [303, '/'])
  const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? ''
  t.false(cookie.includes(box.token.value))
  t.is((await fetch(`${box.url}/api/v1/status`, { headers: { cookie } })).status, 200)
  const second = await follow()
  t.is(second.status, 403)
  t.is(second.headers.get('set-cookie'), null)
  t.regex(await second.text(), /was used already/)
})
