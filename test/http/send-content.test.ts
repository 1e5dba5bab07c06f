import { once } from 'node:events'
import { connect } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import {
  type ByteSource,
  httpErrorOf,
  listen,
  problemOf,
  type SentContent,
  sendContent,
} from '../../src/http/index.ts'
import { sampleBytes } from '../kit/sample-files.ts'
import { waitUntil } from '../kit/wait-until.ts'

const etag = '"abc-0"'

/** A source that gives odd amounts, and counts. */
function contentOf(bytes: Buffer, changes: Partial<SentContent> = {}) {
  const counts = { open: 0, read: 0 }
  const content: SentContent = {
    sizeBytes: bytes.length,
    type: 'video/mp4',
    etag,
    async open() {
      counts.open++
      return {
        async read(position, into) {
          const length = Math.min(into.length, bytes.length - position, 1 + (position % 300_000))
          into.set(bytes.subarray(position, position + length))
          counts.read++
          return length
        },
        close: () => void counts.open--,
      }
    },
    ...changes,
  }
  return { content, counts }
}

async function serve(t: ExecutionContext, content: SentContent) {
  const answer: Parameters<typeof listen>[0] = async (_, env) => {
    try {
      return await sendContent(env, content)
    } catch (error) {
      return problemOf(httpErrorOf(error))
    }
  }
  const listening = await listen(answer, { port: 0, closeTimeoutMs: 0 })
  t.teardown(() => listening.close())
  return listening
}

const get = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(url, { headers, method })

test('the whole is sent with its length, type and tag, and HEAD tells the same without the bytes', async t => {
  const bytes = sampleBytes(3_000_001)
  const { content, counts } = contentOf(bytes)
  const { url } = await serve(t, content)
  const whole = await get(url)
  t.is(whole.status, 200)
  t.true(bytes.equals(Buffer.from(await whole.arrayBuffer())))
  const head = await get(url, { range: 'bytes=0-1' }, 'HEAD')
  t.is(head.status, 200)
  t.is(await head.text(), '')
  for (const { headers } of [whole, head]) {
    t.is(headers.get('content-length'), '3000001')
    t.is(headers.get('content-type'), 'video/mp4')
    t.is(headers.get('etag'), etag)
    t.is(headers.get('accept-ranges'), 'bytes')
  }
  t.is(counts.open, 0)
})

test('any range gives exactly those bytes', async t => {
  const bytes = sampleBytes(2_500_000)
  const { content, counts } = contentOf(bytes)
  const { url } = await serve(t, content)
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 1_500_000 }), async (start, more) => {
      const answer = await get(url, { range: `bytes=${start}-${start + more}` })
      const part = bytes.subarray(start, start + more + 1)
      t.is(answer.status, 206)
      t.is(answer.headers.get('content-range'), `bytes ${start}-${start + part.length - 1}/${bytes.length}`)
      t.true(part.equals(Buffer.from(await answer.arrayBuffer())))
    }),
    { numRuns: 30 },
  )
  const suffix = await get(url, { range: 'bytes=-10' })
  t.true(bytes.subarray(-10).equals(Buffer.from(await suffix.arrayBuffer())))
  t.is(counts.open, 0)
})

test('a range past the end is 416 with the size, several ranges are the whole', async t => {
  const { content } = contentOf(sampleBytes(100))
  const { url } = await serve(t, content)
  const past = await get(url, { range: 'bytes=100-' })
  t.is(past.status, 416)
  t.is(past.headers.get('content-range'), 'bytes */100')
  const several = await get(url, { range: 'bytes=0-1,5-6' })
  t.is(several.status, 200)
  t.is((await several.arrayBuffer()).byteLength, 100)
})

test('a range counts only while the content is the one that the client knows', async t => {
  const { content } = contentOf(sampleBytes(100))
  const { url } = await serve(t, content)
  const range = 'bytes=0-9'
  t.is((await get(url, { range, 'if-range': etag })).status, 206)
  t.is((await get(url, { range, 'if-range': '"other"' })).status, 200)
  t.is((await get(url, { range, 'if-range': `W/${etag}` })).status, 200)
  t.is((await get(url, { range, 'if-range': 'Tue, 24 Nov 2026 00:00:00 GMT' })).status, 200)
  t.is((await get(url, { 'if-none-match': `"x", W/${etag}` })).status, 304)
  t.is((await get(url, { 'if-none-match': '"x"' })).status, 200)
  t.is((await get(url, { 'if-match': '"x"' })).status, 412)
  t.is((await get(url, { 'if-match': '*' })).status, 200)
})

test('an empty content is sent as nothing, without opening it', async t => {
  const { content } = contentOf(Buffer.alloc(0), { open: () => Promise.reject(new Error('opened')) })
  const { url } = await serve(t, content)
  const answer = await get(url)
  t.is(answer.status, 200)
  t.is(await answer.text(), '')
})

test('nothing but GET and HEAD is answered', async t => {
  const { content } = contentOf(sampleBytes(10))
  const { url } = await serve(t, content)
  const answer = await get(url, {}, 'POST')
  t.is(answer.status, 405)
})

test('what cannot be opened is an answer, what fails later cuts the connection', async t => {
  const broken = await serve(
    t,
    contentOf(sampleBytes(10), { open: () => Promise.reject(new Error('no')) }).content,
  )
  t.is((await get(broken.url)).status, 500)
  let isClosed = false
  const source: ByteSource = {
    read: async (position, into) => {
      if (position > 0) throw new Error('gone')
      return Math.min(into.length, 1_000)
    },
    close: () => {
      isClosed = true
    },
  }
  const cut = await serve(t, contentOf(sampleBytes(2_000), { open: async () => source }).content)
  await t.throwsAsync(get(cut.url).then(answer => answer.arrayBuffer()))
  t.true(isClosed)
})

test('a client that does not read is not read for, and one that goes ends the reading', async t => {
  const { content, counts } = contentOf(Buffer.alloc(64 * 1024 * 1024))
  const gone = Promise.withResolvers<void>()
  const { open } = content
  const { port } = await serve(t, {
    ...content,
    open: (range, signal) => {
      signal.addEventListener('abort', () => gone.resolve())
      return open(range, signal)
    },
  })
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.pause()
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  let seen = -1
  await waitUntil(
    'reading stands still',
    () => {
      const isStill = counts.read > 0 && counts.read === seen
      seen = counts.read
      return isStill
    },
    { intervalMs: 200 },
  )
  t.true(counts.read < 300)
  socket.destroy()
  await gone.promise
  await waitUntil('the source is closed', () => counts.open === 0)
})
