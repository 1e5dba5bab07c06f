import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { type BoxChild, spawnBox } from '../../../kit/box-child.ts'
import { writeBoxSettings } from '../../../kit/box-settings.ts'
import { asUser, evaluateAs, giveTo, requireUsers } from '../../../kit/other-user.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'

const [owner, intruder, root] = [1_000, 1_001, 0]
const nowhere = `magnet:?xt=urn:btih:${'0123456789'.repeat(4)}&dn=nowhere`

/** A box that belongs to a user who is not root, and what its token is. */
async function open(t: ExecutionContext, settings = ''): Promise<{ box: BoxChild; token: string }> {
  const home = await temporaryFolder(t, 'home')
  if (settings !== '') await writeBoxSettings(home, settings)
  await giveTo(owner, home)
  const box = await spawnBox(t, { home, wrapper: asUser(owner) })
  return { box, token: (await readFile(join(home, 'api-token'), 'utf8')).trim() }
}

interface Answer {
  readonly status: number
  readonly location: string | null
  readonly text: string
}

function ask(user: number, url: string, init: RequestInit = {}): Promise<Answer> {
  const script = `const [, url, init] = process.argv
const answer = await fetch(url, { redirect: 'manual', ...JSON.parse(init) })
console.log(JSON.stringify({ status: answer.status, location: answer.headers.get('location'), text: await answer.text() }))`
  return evaluateAs(user, script, url, JSON.stringify(init))
}

test('the owner is let in without the token, another user of the machine is not, nor what runs as root for everybody', async t => {
  if (!requireUsers(t)) return
  const { box, token } = await open(t)
  const list = `${box.url}/api/v1/transfers`
  t.is((await ask(owner, list)).status, 200)
  t.is((await ask(root, list)).status, 401)
  const { status, text } = await ask(intruder, list)
  t.is(status, 401)
  t.regex(text, /you are not known to be that one\. Show the token/)
  t.false(text.includes(token))
  const post = { method: 'POST', headers: { 'content-type': 'application/json' } }
  t.is((await ask(intruder, list, { ...post, body: JSON.stringify({ id: nowhere }) })).status, 401)
  t.is((await ask(intruder, `${box.url}/api/v1/stop`, post)).status, 401)
  t.deepEqual(await box.client.transfers(), [])
})

test('another user is shown the page for signing in, and let in by the token', async t => {
  if (!requireUsers(t)) return
  const { box, token } = await open(t)
  const accept = { accept: 'text/html' }
  t.is((await ask(owner, box.url, { headers: accept })).status, 200)
  const { status, location } = await ask(intruder, box.url, { headers: accept })
  t.deepEqual([status, location], [303, '/sign-in'])
  const headers = { authorization: `Bearer ${token}` }
  t.is((await ask(intruder, `${box.url}/api/v1/status`, { headers })).status, 200)
})

test('the RPC of Transmission takes the token of another user as the password', async t => {
  if (!requireUsers(t)) return
  const { box, token } = await open(t)
  const call = { method: 'POST', body: '{"method":"session-get"}' }
  const url = `${box.url}/transmission/rpc`
  t.is((await ask(owner, url, call)).status, 409)
  t.is((await ask(intruder, url, call)).status, 401)
  const authorization = `Basic ${Buffer.from(`p2pshare:${token}`).toString('base64')}`
  t.is((await ask(intruder, url, { ...call, headers: { authorization } })).status, 409)
})

test('who closes its end at once is not taken for root, as the system has such ends', async t => {
  if (!requireUsers(t)) return
  const { box } = await open(t)
  const body = JSON.stringify({ id: nowhere })
  const script = `import { connect } from 'node:net'
const [, port, request] = process.argv
await Promise.all(Array.from({ length: 50 }, () => new Promise(done => {
  const socket = connect(port, '127.0.0.1', () => socket.write(request, () => socket.destroy()))
  socket.on('close', done)
})))
console.log('true')`
  const { port } = new URL(box.url)
  const head = `POST /api/v1/transfers HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\n`
  await evaluateAs(intruder, script, port, `${head}content-length: ${body.length}\r\n\r\n${body}`)
  // What was sent before is read before.
  t.is((await ask(intruder, `${box.url}/api/v1/transfers`)).status, 401)
  t.deepEqual(await box.client.transfers(), [])
})

test('what a proxy hands on for others is not the owner’s', async t => {
  if (!requireUsers(t)) return
  const { box } = await open(t)
  for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-host']) {
    const headers = { [name]: '192.0.2.1' }
    t.is((await ask(owner, `${box.url}/api/v1/transfers`, { headers })).status, 401, name)
  }
})

test('who asks by another name than those of the machine itself is not the owner', async t => {
  if (!requireUsers(t)) return
  const { box } = await open(t, '[server]\nlisten = "127.0.0.1:0"\nhosts = ["box.example"]\n')
  const script = `import { get } from 'node:http'
const [, url, host] = process.argv
get(url, { headers: { host } }, answer => console.log(answer.resume().statusCode))`
  const { port } = new URL(box.url)
  const statusFor = (host: string) => evaluateAs<number>(owner, script, `${box.url}/api/v1/status`, host)
  for (const host of [`127.0.0.1:${port}`, 'localhost', 'box.localhost', '[::1]:80'])
    t.is(await statusFor(host), 200, host)
  for (const host of ['box.example', `BOX.example:${port}`]) t.is(await statusFor(host), 401, host)
  t.is(await statusFor('evil.example'), 421)
})

test('health and metrics answer every user of the machine', async t => {
  if (!requireUsers(t)) return
  const { box } = await open(t)
  for (const path of ['/healthz', '/metrics']) t.is((await ask(intruder, box.url + path)).status, 200, path)
})
