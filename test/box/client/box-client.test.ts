import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { type Box, BoxClient, type WorkProgress } from '../../../src/box/index.ts'
import { listen } from '../../../src/http/index.ts'
import { startBox } from '../../kit/box.ts'
import { startCli } from '../../kit/cli-child.ts'
import { asUser, requireUsers } from '../../kit/other-user.ts'
import { writeSampleFile } from '../../kit/sample-files.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { waitUntil } from '../../kit/wait-until.ts'

test('what a killed box left behind leads nobody to another server with the token', async t => {
  const home = await temporaryFolder(t, 'home')
  const asked: string[] = []
  const server = await listen(request => new Response(asked.push(request.url) ? 'mine' : ''), { port: 0 })
  t.teardown(() => server.close())
  await mkdir(join(home, 'state'))
  await writeFile(join(home, 'api-token'), 'abcdefghijklmnopqrstuvwxyz\n')
  // The number of its process is that of another one by now.
  await writeFile(join(home, 'state', 'box.json'), JSON.stringify({ url: server.url, pid: process.pid }))
  await t.throwsAsync(
    BoxClient.find(home).then(box => box.status()),
    { code: 'ERR_NO_BOX' },
  )
  t.deepEqual(asked, [])
})

test('of the home of another user nobody is told that no box runs there', async t => {
  if (!requireUsers(t)) return
  const home = await temporaryFolder(t, 'home')
  await chmod(home, 0o755)
  await startBox(t, { home })
  const asked = startCli(t, ['box', 'status'], { home, engine: 'native', wrapper: asUser(1_001) })
  t.is(await asked.exited, 3)
  t.like(asked.events().at(-1), { event: 'error', code: 'ERR_UNREADABLE_FILE' })
  t.regex(
    String(asked.events().at(-1)?.message),
    /its user alone to see: .*box\.json cannot be read \(EACCES\)/,
  )
})

/** A box that hashes when it is told to, and says before how far it is. */
async function startSlow(t: ExecutionContext) {
  const { box } = await startBox(t)
  const folder = await temporaryFolder(t, 'media')
  const { promise: told, resolve: finish } = Promise.withResolvers<void>()
  const create = box.swarm.create.bind(box.swarm)
  const slowly: Box['swarm']['create'] = async (paths, options) => {
    options?.onProgress?.({ hashedBytes: 10, totalBytes: 40, filesDone: 0, fileCount: 1 })
    await told
    return create(paths, options)
  }
  Object.defineProperty(box.swarm, 'create', { value: slowly })
  const client = new BoxClient(box.url, box.token.value)
  const clip = (name: string) => writeSampleFile(join(folder, name), 40_000, name)
  return { box, client, clip, finish }
}

test('a share tells how far the box is, and in the end what it came to', async t => {
  const { client, clip, finish } = await startSlow(t)
  const told: (WorkProgress | 'begun')[] = []
  const sharing = client.share(
    { paths: [await clip('a.avi')] },
    {
      onBegin: () => told.push('begun'),
      onProgress: progress => {
        told.push(progress)
        finish()
      },
    },
  )
  t.like(await sharing, { id: 1, name: 'a.avi', state: 'seeding' })
  t.deepEqual(told.slice(0, 2), ['begun', { doneBytes: 10, totalBytes: 40 }])
})

test('what went through is told by the steps of its span', async t => {
  const { client } = await startSlow(t)
  t.like(await client.history(), { span: 'hour', stepSeconds: 10, uploadedBytes: 0 })
  t.like(await client.history('month'), { span: 'month', stepSeconds: 3_600 })
})

test('who leaves a share leaves it to the box', async t => {
  const { box, client, clip, finish } = await startSlow(t)
  const leaving = new AbortController()
  const sharing = client.share(
    { paths: [await clip('a.avi')] },
    { signal: leaving.signal, onProgress: () => leaving.abort(new DOMException('Enough', 'AbortError')) },
  )
  await t.throwsAsync(sharing, { name: 'AbortError' })
  finish()
  await waitUntil('it is shared', () => box.shelf.items()[0]?.state === 'seeding')
})

test('what work ran into is thrown as the error that it was, and more than the box does at once waits', async t => {
  const { client, clip, finish } = await startSlow(t)
  const names = Array.from({ length: 20 }, (_, number) => `${number}.avi`)
  let begun = 0
  const onBegin = () => begun++
  const sharing = names.map(async name => client.share({ paths: [await clip(name)] }, { onBegin }))
  await waitUntil('it does as much as it does at once', () => begun === 16)
  const missing = t.throwsAsync(client.share({ paths: ['/no/such/clip.avi'] }), {
    code: 'ERR_PATH_NOT_FOUND',
  })
  finish()
  await missing
  const shared = await Promise.all(sharing)
  t.deepEqual(shared.map(({ name }) => name).sort(), names.sort())
})
