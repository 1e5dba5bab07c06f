import test, { type ExecutionContext } from 'ava'
import { z } from 'zod'
import { apiOperations } from '../../../../src/catalog/server/machine/api/api-routes.ts'
import type { Submission } from '../../../../src/catalog/submission/submission.ts'
import { SubmissionError } from '../../../../src/catalog/submission/submission-problem.ts'
import { encodeBencode, P2pShareError, parseMetainfo, readMagnet } from '../../../../src/core/index.ts'
import { type MachineSite, type MachineSiteInit, makeMachineSite } from '../../../kit/machine-site.ts'

type Schema = Record<string, unknown>
// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is checked against the document
type Answer = Record<string, any>
interface Described {
  parameters: { name: string; in: string; required: boolean; schema: Schema }[]
  responses: Record<string, { content: Record<string, { schema: Schema }> }>
  security?: unknown
}
interface Document {
  openapi: string
  paths: Record<string, Record<string, Described>>
  components: { schemas: Record<string, Schema> }
}

const submission: Submission = {
  id: 7,
  state: 'ready',
  title: 'Lions',
  description: '',
  section: 'video',
  tags: ['zoo'],
  license: 'CC-BY-4.0',
  creator: undefined,
  language: undefined,
  publisher: undefined,
  magnet: `magnet:?xt=urn:btih:${'a'.repeat(40)}`,
  infoHash: 'a'.repeat(40),
  infoHashV2: undefined,
  hasTorrent: false,
  files: [{ path: 'zoo.avi', sizeBytes: 5 }],
  fileCount: 1,
  sizeBytes: 5,
  checkCount: 0,
  problem: undefined,
  reason: undefined,
  note: undefined,
  decidedBy: undefined,
  decidedAt: undefined,
  listingId: undefined,
  email: 'a@b.example',
  submittedAt: new Date(),
  duplicates: { listings: [], submissions: [6] },
}

/** A desk that takes everything, and remembers what it was told. */
function makeDesk() {
  const calls: unknown[][] = []
  const noted =
    (name: string) =>
    async (...all: unknown[]) => {
      calls.push([name, ...all])
    }
  const desk = {
    submit: async (input: { title?: string }, from: object) => {
      calls.push(['submit', input, from])
      if (!input.title) throw new SubmissionError([{ field: 'title', message: 'is empty' }])
      return { ...submission, secret: 's3cret' }
    },
    statusFor: async (_: number, secret: string) =>
      secret === 's3cret' ? { ...submission, duplicateListings: [] } : undefined,
    get: async (id: number) => {
      if (id === 7) return submission
      throw new P2pShareError('ERR_NO_SUCH_SUBMISSION', `There is no submission ${id}`)
    },
    list: async (query: object) => {
      calls.push(['list', query])
      return [submission]
    },
    edit: async (...all: unknown[]) => {
      calls.push(['edit', ...all])
      return submission
    },
    recheck: noted('recheck'),
    takeDown: noted('takeDown'),
    blocked: async () => ({
      publishers: ['b'.repeat(64)],
      emails: [{ hash: 'c'.repeat(64), hint: 'a…@b.example', blockedAt: new Date() }],
    }),
    accept: noted('accept'),
    reject: noted('reject'),
    block: noted('block'),
    unblock: noted('unblock'),
    audit: async () => [
      {
        number: 1,
        at: new Date(),
        moderator: 'Ada',
        action: 'accept',
        subject: 'submission 7',
        detail: { a: 1 },
      },
    ],
  }
  return { desk, calls }
}

async function open(t: ExecutionContext, init: MachineSiteInit = {}) {
  const { desk, calls } = makeDesk()
  const made = await makeMachineSite(t, { desk, ...init })
  const document = (await (await made.get('/api/v1/openapi.json')).json()) as Document
  return { made, calls, document, ask: asker(made, document) }
}

/** Asks the API, and checks every answer against what the document says of it. */
function asker({ get }: MachineSite, { paths, components }: Document) {
  return async (path: string, { body, token, ...init }: RequestInit & { token?: string } = {}) => {
    const headers = new Headers(init.headers)
    if (token) headers.set('authorization', `Bearer ${token}`)
    if (typeof body === 'string') headers.set('content-type', 'application/json')
    const response = await get(`/api/v1${path}`, { ...init, headers, ...(body && { body }) })
    const [plain] = path.split('?')
    const method = (init.method ?? 'GET').toLowerCase()
    const [, described] =
      Object.entries(paths).find(
        ([one, ways]) => ways[method] && new RegExp(`^${one.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(plain!),
      ) ?? []
    const answer = (await response.json()) as Schema
    const [type] = response.headers.get('content-type')!.split(';')
    const schema = described?.[method]?.responses[response.status]?.content[type!]?.schema
    if (!schema) throw new Error(`${method} ${path}: ${response.status} ${type} is not described`)
    const $defs = components.schemas
    const text = JSON.stringify({ ...schema, $defs }).replaceAll('#/components/schemas/', '#/$defs/')
    z.fromJSONSchema(JSON.parse(text)).parse(answer)
    return { response, status: response.status, answer: answer as Answer }
  }
}

test('The document and the routes name each other, and nothing else', async t => {
  const { made, document } = await open(t)
  const routed = made.app.routes
    .filter(({ path, method }) => path.startsWith('/api/v1/') && method !== 'ALL')
    .map(({ path, method }) => `${method} ${path.slice(7).replaceAll(/:(\w+)/g, '{$1}')}`)
    .filter(route => route !== 'GET /openapi.json')
  const described = Object.entries(document.paths).flatMap(([path, ways]) =>
    Object.keys(ways).map(method => `${method.toUpperCase()} ${path}`),
  )
  t.deepEqual(routed.sort(), described.sort())
  t.is(document.openapi, '3.1.0')
  const ids = apiOperations(made.site).map(({ id }) => id)
  t.is(new Set(ids).size, ids.length)
  for (const { needsToken, method, path } of apiOperations(made.site))
    t.is(Boolean(document.paths[path]![method]!.security), needsToken, path)
})

test('Whatever the document refers to is in it', async t => {
  const { document } = await open(t)
  const references = JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)
  const names = [...references].map(([, reference]) => reference!)
  t.true(names.length > 10)
  for (const name of names)
    t.true(name.replace('#/components/schemas/', '') in document.components.schemas, name)
  t.false(JSON.stringify(document).includes('$defs'))
})

test('Everything that anybody may read is answered as described, for any page, and known again', async t => {
  const { made, ask } = await open(t)
  const info = { name: 'zoo', 'piece length': 16_384, pieces: Buffer.alloc(20) }
  const files = [
    { length: 5, path: ['a.avi'] },
    { length: 6, path: ['b.avi'] },
  ]
  const torrent = parseMetainfo(encodeBencode({ info: { ...info, files } }))
  const listing = await made.publish({
    magnet: `magnet:?xt=urn:btih:${torrent.infoHash}`,
    media: { durationMs: 5, width: 640, ofOurOwn: 1 },
    creator: 'Ada',
    language: 'en',
    createdAt: '2026-05-01',
  })
  await made.publish({ section: 'music' })
  const before = await ask(`/listings/${listing.id}/files`)
  t.deepEqual([before.status, before.answer.code], [404, 'ERR_NO_SUCH_FILE'])
  await made.site.store.putTorrent(torrent.infoHash!, torrent.bytes)

  const found = await ask(`/listings/${listing.id}`)
  t.like(found.answer, { title: listing.title, infoHash: torrent.infoHash, record: listing.json })
  t.deepEqual((await ask(`/listings/${listing.id}/files?limit=1&offset=1`)).answer, {
    total: 2,
    files: [{ path: 'zoo/b.avi', sizeBytes: 6 }],
  })
  t.like((await ask('/sections')).answer, { total: 2 })
  t.is((await ask('/facets')).answer.sections.length, 2)
  t.deepEqual((await ask('/tags')).answer.tags[0].count, 2)
  t.is((await ask('/tags/zoo')).answer.listings, 2)
  t.is((await ask(`/publishers/${listing.publisher}`)).answer.newest.length, 2)
  t.is((await ask('/catalog')).answer.seq, 3)
  for (const path of ['/search', '/sections', `/listings/${listing.id}`]) {
    const { response } = await ask(path)
    t.is(response.headers.get('access-control-allow-origin'), '*')
    const again = await made.get(`/api/v1${path}`, {
      headers: { 'if-none-match': response.headers.get('etag')! },
    })
    t.is(again.status, 304, path)
  }
})

test('A search takes every filter, and pages', async t => {
  const { made, ask } = await open(t)
  const small = await made.publish({ title: 'Small lion', sizeBytes: 10, tags: ['cat'], license: 'CC0-1.0' })
  const large = await made.publish({
    title: 'Large lion',
    sizeBytes: 1_000,
    section: 'photos',
    creator: 'Ada',
  })
  const titles = async (query: string) => {
    const { answer } = await ask(`/search?${query}`)
    return answer.listings.map(({ title }: { title: string }) => title)
  }
  t.deepEqual(await titles('q=small'), [small.title])
  t.deepEqual(await titles('q=-small'), [large.title])
  t.deepEqual(await titles('section=photos'), [large.title])
  t.deepEqual(await titles('tag=cat'), [small.title])
  t.deepEqual(await titles('license=CC0-1.0'), [small.title])
  t.deepEqual(await titles('creator=Ada'), [large.title])
  t.deepEqual(await titles('maxSizeBytes=500'), [small.title])
  t.deepEqual(await titles('minSizeBytes=500'), [large.title])
  t.deepEqual(await titles(`infoHash=${small.infoHash}`), [small.title])
  t.deepEqual(await titles('before=2000-01-01'), [])
  t.deepEqual(await titles('after=2000-01-01&sort=largest'), [large.title, small.title])
  t.deepEqual(await titles('sort=smallest&limit=1&offset=1'), [large.title])
  t.deepEqual(await titles(`publisher=${small.publisher}&sort=oldest&limit=1`), [small.title])
})

test('What makes no sense is refused with a problem document that names it', async t => {
  const { ask } = await open(t)
  for (const [path, name] of [
    ['/search?section=films', 'section'],
    ['/search?limit=0', 'limit'],
    ['/search?limit=1e1', 'limit'],
    ['/search?offset=99999', 'offset'],
    ['/search?publisher=me', 'publisher'],
    ['/search?after=yesterday', 'after'],
    ['/search?sort=random', 'sort'],
    ['/listings/UPPER', 'id'],
    [`/search?q=${'x'.repeat(2_000)}`, 'q'],
  ] as const) {
    const { answer, response, status } = await ask(path)
    t.deepEqual([status, answer.code], [400, 'ERR_INVALID_ARGUMENT'], path)
    t.true(String(answer.detail).startsWith(name), String(answer.detail))
    t.is(response.headers.get('access-control-allow-origin'), '*')
  }
  const { status, answer } = await ask(`/listings/${'a'.repeat(26)}`)
  t.deepEqual([status, answer.code], [404, 'ERR_NO_SUCH_LISTING'])
})

test('A submission comes as JSON or as a form, and is the same to the desk', async t => {
  const { calls, ask } = await open(t)
  const torrent = Buffer.from('d4:infod6:lengthi5eee')
  const fields = { title: 'Lions', section: 'video', license: 'CC0-1.0', email: 'a@b.example' }
  const json = { ...fields, tags: ['zoo', 'cat'], torrent: torrent.toString('base64') }
  const sent = await ask('/submissions', { method: 'POST', body: JSON.stringify(json) })
  t.is(sent.status, 201)
  t.is(sent.answer.statusUrl, 'https://site.example/submission/7/s3cret')
  t.is(sent.response.headers.get('access-control-allow-origin'), null)

  const form = new FormData()
  for (const [name, value] of Object.entries({ ...fields, tags: 'zoo, cat', magnet: '' }))
    form.set(name, value)
  form.set('torrent', new Blob([torrent]), 'zoo.torrent')
  t.is((await ask('/submissions', { method: 'POST', body: form })).status, 201)
  t.deepEqual(calls[1], calls[0])
  t.deepEqual(calls[0], [
    'submit',
    { ...fields, tags: ['zoo', 'cat'], torrent: new Uint8Array(torrent) },
    { address: '127.0.0.1' },
  ])

  const refused = await ask('/submissions', {
    method: 'POST',
    body: JSON.stringify({ email: 'a@b.example' }),
  })
  t.deepEqual([refused.status, refused.answer.errors], [422, [{ field: 'title', message: 'is empty' }]])
  t.is((await ask('/submissions', { method: 'POST', body: 'no json' })).status, 400)
  t.is((await ask('/submissions', { method: 'POST', body: new Blob(['x']) })).status, 415)
  const huge = JSON.stringify({ ...json, torrent: 'A'.repeat(14_000_000) })
  t.is((await ask('/submissions', { method: 'POST', body: huge })).status, 413)

  t.is((await ask('/submissions/7?secret=s3cret')).answer.state, 'ready')
  t.is((await ask('/submissions/7?secret=guess')).status, 404)
  t.is((await ask('/submissions/7')).status, 400)
})

test('Nothing of the review is done without a moderator’s token, and all of it with one', async t => {
  const { made, calls, ask } = await open(t)
  const { token } = await made.site.moderators.add('Ada')
  const post = (path: string, body: object, one = token) =>
    ask(`/moderation${path}`, { method: 'POST', body: JSON.stringify(body), token: one })
  for (const { path, method, needsToken } of apiOperations(made.site).filter(one => one.needsToken)) {
    t.true(needsToken)
    for (const one of ['', 'x'.repeat(43), `${token}x`]) {
      const { status, response } = await ask(
        path.replace('{id}', path.includes('listings') ? 'a'.repeat(26) : '7'),
        {
          method: method.toUpperCase(),
          token: one,
          ...(method !== 'get' && { body: '{}' }),
        },
      )
      t.deepEqual([status, response.headers.get('www-authenticate')], [401, 'Bearer'], path)
    }
  }
  t.deepEqual(calls, [])

  const queue = await ask('/moderation/submissions?state=ready&limit=5&before=9', { token })
  t.is(queue.answer.submissions[0].email, 'a@b.example')
  t.is(queue.response.headers.get('cache-control'), 'no-store')
  t.is((await ask('/moderation/submissions/7', { token })).answer.title, 'Lions')
  t.is((await ask('/moderation/submissions/8', { token })).status, 404)
  const body = JSON.stringify({ tags: ['cat'] })
  t.is((await ask('/moderation/submissions/7', { method: 'PATCH', body, token })).status, 200)
  t.is((await post('/submissions/7/accept', {})).status, 200)
  t.is((await post('/submissions/7/reject', { reason: 'Twice', note: 'spam' })).status, 200)
  t.is((await post('/submissions/7/reject', {})).status, 400)
  t.is((await post('/block', { publisher: 'b'.repeat(64) })).status, 200)
  t.is((await post('/unblock', { email: 'a@b.example' })).status, 200)
  t.is((await post('/block', {})).status, 400)
  t.is((await ask('/moderation/audit?limit=1', { token })).answer.entries[0].moderator, 'Ada')
  t.is((await ask('/moderation/submissions/7/recheck', { method: 'POST', token })).status, 200)
  const id = 'a'.repeat(26)
  t.is((await ask(`/moderation/listings/${id}?note=gone`, { method: 'DELETE', token })).status, 200)
  t.is((await ask('/moderation/blocked', { token })).answer.emails.length, 1)
  const named = calls.map(call =>
    call.map(one => ((one as Answer).createdAt ? { name: (one as Answer).name } : one)),
  )
  t.deepEqual(named, [
    ['list', { state: 'ready', limit: 5, before: 9 }],
    ['edit', 7, { tags: ['cat'] }, { name: 'Ada' }],
    ['accept', 7, {}, { name: 'Ada' }],
    ['reject', 7, { reason: 'Twice', note: 'spam' }, { name: 'Ada' }],
    ['block', { publisher: 'b'.repeat(64) }, { name: 'Ada' }],
    ['unblock', { email: 'a@b.example' }, { name: 'Ada' }],
    ['recheck', 7, { name: 'Ada' }],
    ['takeDown', id, { note: 'gone' }, { name: 'Ada' }],
  ])
})

test('The catalog is followed by its address: the signed pointer, and the torrent that it names', async t => {
  const info = { length: 5, name: 'catalog', 'piece length': 16_384, pieces: Buffer.alloc(20) }
  const metainfo = parseMetainfo(encodeBencode({ info }))
  const pointer = {
    publicKey: 'a'.repeat(64),
    salt: 'zoo',
    seq: 3,
    value: Buffer.from('d2:ih…e'),
    signature: Buffer.alloc(64, 1),
  }
  let snapshot = async (): Promise<object> => ({
    catalog: { link: 'magnet:?xs=urn:btpk:a', name: 'Zoo', description: '' },
    metainfo,
    pointer,
  })
  const trackerUrls = ['https://site.example/announce']
  const { made } = await open(t, { snapshot: () => snapshot(), settings: { trackerUrls } })
  const document = (await (await made.get('/catalog.json')).json()) as Answer
  t.deepEqual(document.pointer, {
    ...pointer,
    value: pointer.value.toString('base64'),
    signature: '01'.repeat(64),
  })
  const path = document.torrent.slice('https://site.example'.length)
  const fetched = parseMetainfo(new Uint8Array(await (await made.get(path)).arrayBuffer()))
  t.deepEqual([fetched.infoHash, fetched.trackers], [metainfo.infoHash, [trackerUrls]])
  t.is((await made.get(`/catalog/${'b'.repeat(40)}.torrent`)).status, 404)
  snapshot = async () => {
    throw new P2pShareError('ERR_DATABASE', 'moved on')
  }
  t.is((await made.get(path)).status, 200, 'who was told of it just now still gets it')
  t.truthy(readMagnet(`magnet:?xt=urn:btih:${fetched.infoHash}`))
})
