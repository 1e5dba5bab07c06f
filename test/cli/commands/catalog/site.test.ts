import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { createTorrent } from '../../../../src/core/index.ts'
import { runCommand, startCommand } from '../../../kit/command.ts'
import { writeSampleFile } from '../../../kit/sample-files.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'

/** A site that runs, with the home that holds its moderator's token. */
async function startSite(t: ExecutionContext, ...args: string[]) {
  const variables = { P2PSHARE_HOME: await temporaryFolder(t, 'home') }
  const words = ['catalog', 'serve', '--listen', '127.0.0.1:0', '--name', 'Zoo clips', '--json', ...args]
  const serve = await startCommand(t, words, { variables })
  const listening = await serve.event('listening')
  return { serve, listening, url: String(listening.url), variables }
}

async function submit(t: ExecutionContext, url: string, title: string): Promise<number> {
  const folder = await temporaryFolder(t)
  const { bytes } = await createTorrent(await writeSampleFile(join(folder, 'lions.avi'), 10_000, title))
  const torrent = Buffer.from(bytes).toString('base64')
  const fields = { title, section: 'video', tags: ['zoo'], license: 'CC-BY-4.0', email: 'ada@example.org' }
  const response = await fetch(`${url}/api/v1/submissions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...fields, torrent }),
  })
  t.is(response.status, 201)
  return ((await response.json()) as { id: number }).id
}

test('serve says where it is and where the moderator’s token is, and ends on Ctrl-C', async t => {
  const { serve, listening, url } = await startSite(t)
  t.like(listening, { name: 'Zoo clips', url })
  t.regex(String(listening.link), /^magnet:\?xs=urn:btpk:/)
  t.regex(String(listening.tokenPath), /moderator-token$/)
  t.is((await fetch(`${url}/healthz`)).status, 200)
  serve.interrupt()
  t.is(await serve.exitCode, 130)
  await t.throwsAsync(fetch(`${url}/healthz`))
})

test('what is submitted is listed, shown, edited, accepted, and then in the catalog', async t => {
  const { url, variables } = await startSite(t)
  const id = await submit(t, url, 'Lions')
  const review = (...args: string[]) =>
    runCommand(t, ['catalog', 'review', ...args, '--site', url], { variables })
  const list = await review()
  t.is(list.exitCode, 0, list.stderr)
  t.regex(list.stdout, new RegExp(`^${id} +Lions +ready +video +10 kB`, 'm'))
  const show = await review('show', String(id))
  t.regex(show.stdout, /lions\.avi/)
  t.regex(show.stdout, /^From +ada@example\.org$/m)
  t.is((await review('edit', String(id), '--tags', 'zoo,big cats', '--title', 'Two lions')).exitCode, 0)
  const accepted = await review('accept', String(id), '--json')
  t.like(accepted.events()[0], { event: 'submission', id, state: 'accepted', decidedBy: 'first' })
  const search = await runCommand(t, ['search', 'tag:"big cats"', '--json'], { variables })
  t.like(search.events()[0], { title: 'Two lions' })
  const audit = await review('audit', '--json')
  t.true(audit.events().some(({ action }) => action === 'accept'))
})

test('a rejection takes a reason, and a blocked submitter is not taken from again', async t => {
  const { url, variables } = await startSite(t)
  const id = await submit(t, url, 'Bears')
  const review = (...args: string[]) =>
    runCommand(t, ['catalog', 'review', ...args, '--site', url], { variables })
  t.is((await review('reject', String(id))).exitCode, 2)
  const rejected = await review('reject', String(id), '--reason', 'Not yours', '--note', 'again', '--json')
  t.like(rejected.events()[0], { state: 'rejected', reason: 'Not yours', note: 'again' })
  t.is((await review('block', 'ada@example.org')).stdout, 'ada@example.org is blocked\n')
  t.is((await review('unblock', 'ada@example.org')).exitCode, 0)
  t.is((await review('block', 'nobody')).exitCode, 2)
  t.is((await review('show', '999')).exitCode, 2)
})

test('without the token, or with another, nothing is told', async t => {
  const { url } = await startSite(t)
  const none = await runCommand(t, ['catalog', 'review', '--site', url])
  t.is(none.exitCode, 7)
  t.true(none.stderr.includes('P2PSHARE_TOKEN'))
  const variables = { P2PSHARE_TOKEN: 'a'.repeat(43) }
  const wrong = await runCommand(t, ['catalog', 'review', '--site', url], { variables })
  t.is(wrong.exitCode, 7)
  t.true(wrong.stderr.includes('ERR_NOT_AUTHORIZED'))
  const cwd = await temporaryFolder(t)
  await writeFile(join(cwd, 'token'), 'b'.repeat(43))
  const args = ['catalog', 'review', '--site', url, '--token-file', 'token']
  t.is((await runCommand(t, args, { cwd })).exitCode, 7)
})

test('the token is not sent in the clear over the internet, nor to what is no site', async t => {
  const variables = { P2PSHARE_TOKEN: 'secret' }
  for (const site of ['http://zoo.example.org', 'ftp://127.0.0.1', 'zoo']) {
    const { exitCode, stderr } = await runCommand(t, ['catalog', 'review', '--site', site], { variables })
    t.is(exitCode, 2)
    t.true(stderr.includes('--site'))
    t.false(stderr.includes('secret'))
  }
})

for (const text of ['zoo:abc', '127.0.0.1:70000', 'a b:80'])
  test(`--listen ${text} is refused`, async t => {
    const { exitCode, stderr } = await runCommand(t, ['catalog', 'serve', '--listen', text])
    t.is(exitCode, 2)
    t.true(stderr.includes('--listen'))
  })

test('a tracker’s address is told, and is in the links of the site', async t => {
  const { listening, url } = await startSite(t, '--tracker', '--tracker-udp', '0')
  const [tracker] = listening.trackerUrls as string[]
  t.is(tracker, `${url}/announce`)
})
