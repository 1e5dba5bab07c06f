import { join } from 'node:path'
import test from 'ava'
import type { z } from 'zod'
import type { workAnswer } from '../../../../src/box/server/api/work-operations.ts'
import { Works, type WorksInit } from '../../../../src/box/server/api/works.ts'
import type { HttpError } from '../../../../src/http/index.ts'
import { startBox } from '../../../kit/box.ts'
import { writeSampleAlbum, writeSampleFile } from '../../../kit/sample-files.ts'
import { addressOf, startSwarm } from '../../../kit/swarm.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'
import { waitUntil } from '../../../kit/wait-until.ts'

type WorkView = z.output<typeof workAnswer>

function works(init: Partial<WorksInit> = {}) {
  const problems: string[] = []
  const made = new Works({
    problemOf: error => ({ status: 500, detail: (error as Error).message }),
    onProblem: what => problems.push(what),
    ...init,
  })
  return { works: made, problems }
}

const never = () => new Promise<never>(() => {})

test('work tells how far it is, and in the end what came of it', async t => {
  const { works: kept, problems } = works()
  const { promise, resolve } = Promise.withResolvers<string>()
  const { id } = kept.begin('share', async onProgress => {
    onProgress({ doneBytes: 3, totalBytes: 10 })
    return promise
  })
  t.like(await kept.find(id), { state: 'running', progress: { doneBytes: 3, totalBytes: 10 } })
  const found = kept.find(id, 60_000)
  resolve('a result')
  t.like(await found, { state: 'done', result: 'a result', problem: undefined })
  const failing = kept.begin('share', () => Promise.reject(new Error('no room')))
  t.like(await kept.find(failing.id, 60_000), {
    state: 'failed',
    problem: { status: 500, detail: 'no room' },
  })
  t.deepEqual(problems, ['Work 2 (share) failed'])
})

test('who waits for work gives up after a while, or when they leave', async t => {
  const { works: kept } = works()
  const { id } = kept.begin('share', never)
  t.is((await kept.find(id, 10)).state, 'running')
  t.is((await kept.find(id, 60_000, AbortSignal.abort())).state, 'running')
  const leaving = new AbortController()
  const found = kept.find(id, 60_000, leaving.signal)
  leaving.abort()
  t.is((await found).state, 'running')
})

test('what is under way is bounded, and so is what is remembered', async t => {
  const { works: kept } = works({ mostRunning: 2, mostKept: 4 })
  const first = kept.begin('share', never)
  for (let turn = 0; turn < 20; turn++) await kept.find(kept.begin('share', async () => turn).id, 60_000)
  const ids = kept.list().map(({ id }) => id)
  t.deepEqual(ids, [first.id, 19, 20, 21], 'what runs is never forgotten')
  kept.begin('share', never)
  t.is(t.throws<HttpError>(() => kept.begin('share', never)).status, 429)
  t.is((await t.throwsAsync<HttpError>(kept.find(2))).status, 404)
})

test('a share that is not waited for is answered at once, looked after, and there in the end', async t => {
  const folder = await temporaryFolder(t)
  const { ask, box } = await startBox(t)
  const share = (paths: readonly string[], prefer = 'respond-async') =>
    ask('/api/v1/shares', {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer },
      body: JSON.stringify({ paths, labels: ['zoo'] }),
    })
  const album = await writeSampleAlbum(join(folder, 'album'))
  const answer = await share([album])
  t.is(answer.status, 202)
  t.is(answer.headers.get('preference-applied'), 'respond-async')
  const begun = (await answer.json()) as WorkView
  t.like(begun, { id: 1, operation: 'share', state: 'running' })
  const where = answer.headers.get('location')!
  t.is(where, '/api/v1/works/1')
  const look = async (path = where) =>
    (await (await ask(path, { headers: { prefer: 'wait=20' } })).json()) as WorkView
  const ended = await look()
  const { sizeBytes } = box.shelf.find(1).transfer!.stats()
  t.like(ended, { state: 'done', progress: { doneBytes: sizeBytes, totalBytes: sizeBytes } })
  t.like(ended.result, { id: 1, name: 'album', labels: ['zoo'], state: 'seeding' })

  t.is((await share([join(folder, 'nothing')])).status, 202)
  t.like(await look('/api/v1/works/2'), {
    state: 'failed',
    problem: { status: 400, code: 'ERR_PATH_NOT_FOUND' },
  })
  t.is((await share(['relative'])).status, 202)
  t.like(await look('/api/v1/works/3'), { problem: { code: 'ERR_INVALID_ARGUMENT' } })
  t.is((await share([])).status, 400, 'what cannot be read is refused at once')
  t.is((await share([album], 'wait=1')).status, 201, 'who does not ask for it waits')
  const { works: all } = (await (await ask('/api/v1/works')).json()) as { works: WorkView[] }
  t.deepEqual(
    all.map(({ state }) => state),
    ['done', 'failed', 'failed'],
  )
  t.is((await ask('/api/v1/works/99')).status, 404)
  t.is((await ask('/api/v1/works/x')).status, 400)
})

test('files are moved while nobody waits', async t => {
  const folder = await temporaryFolder(t)
  const swarm = await startSwarm(t)
  const seed = await swarm.seed(await writeSampleFile(join(folder, 'clip.avi'), 300_000))
  const downloads = join(folder, 'downloads')
  const { ask, box } = await startBox(t, { settings: `[folders]\ndownloads = "${downloads}"\n` })
  const item = await box.shelf.get(seed.metainfo!.bytes, { origin: 'api' })
  await waitUntil('it runs', () => item.transfer)
  item.transfer!.addPeer(addressOf(swarm))
  await waitUntil('it is here', () => item.state === 'seeding')
  const answer = await ask('/api/v1/transfers/1/move', {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'respond-async' },
    body: JSON.stringify({ folder: join(folder, 'elsewhere') }),
  })
  t.is(answer.status, 202)
  const work = await ask(answer.headers.get('location')!, { headers: { prefer: 'wait=20' } })
  const { state, result } = (await work.json()) as WorkView
  t.is(state, 'done')
  t.like(result, { id: 1, path: join(folder, 'elsewhere', 'clip.avi') })
})

test('the document says which operations need not be waited for', async t => {
  const { ask } = await startBox(t)
  const { paths } = (await (await ask('/api/v1/openapi.json')).json()) as {
    paths: Record<string, Record<string, { responses: object; parameters: { name: string }[] }>>
  }
  for (const path of ['/shares', '/transfers/{transfer}/move', '/uploads/{album}/done', '/plan/prune']) {
    const { responses, parameters } = paths[path]!.post!
    t.true('202' in responses && '429' in responses, path)
    t.true(
      parameters.some(({ name }) => name === 'Prefer'),
      path,
    )
  }
  t.false('202' in paths['/limits']!.patch!.responses)
})
