import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import { encodeBencode, type Metainfo, type TorrentFile } from '../../../../../src/core/index.ts'
import { WebSeed } from '../../../../../src/swarm/engine/native/web-seed/web-seed.ts'
import { HttpAnswerError } from '../../../../../src/swarm/http-open.ts'
import { makeTorrent } from '../../../../kit/made-torrent.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 31) % 251))
const bare = makeTorrent('clip.avi', content, 32_768)

async function serve(t: Pick<ExecutionContext, 'teardown'>, handler: Handler): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Answers ranges of the files by their decoded path. */
function ranges(files: ReadonlyMap<string, Uint8Array>, seen: string[] = []): Handler {
  return (request, response) => {
    const path = decodeURIComponent(request.url ?? '')
    const bytes = files.get(path)
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
    seen.push(`${path} ${from}-${to}`)
    if (!bytes) return void response.writeHead(404).end()
    const part = bytes.subarray(Number(from), Number(to) + 1)
    response.writeHead(206, { 'content-range': `bytes ${from}-${to}/${bytes.length}` }).end(part)
  }
}

const seedAt = (url: string, metainfo: Metainfo = bare, trust: 'all' | 'public' = 'all') =>
  new WebSeed({ url, metainfo, trust })

const never = new AbortController().signal

/** An album of files of these sizes; odd ones of `pads` are pads. Its content is the beginning of `content`. */
function album(sizes: readonly { sizeBytes: number; isPad: boolean }[]) {
  const files: TorrentFile[] = []
  const served = new Map<string, Uint8Array>()
  const whole = Buffer.from(content)
  let offset = 0
  for (const [index, { sizeBytes, isPad }] of sizes.entries()) {
    const path = isPad ? `album/.pad/${index}` : `album/day ${index}/a+b#${index}?.jpg`
    files.push({ path, sizeBytes, offset, isPad, isLink: false })
    if (isPad) whole.fill(0, offset, offset + sizeBytes)
    else served.set(`/mirror/${path}`, whole.subarray(offset, offset + sizeBytes))
    offset += sizeBytes
  }
  const list = files.map(({ path, sizeBytes, isPad }) => ({
    attr: isPad ? 'p' : undefined,
    length: sizeBytes,
    path: path.split('/').slice(1),
  }))
  const infoBytes = encodeBencode({
    files: list,
    name: 'album',
    'piece length': 16_384,
    pieces: Buffer.alloc(20 * Math.ceil(offset / 16_384)),
  })
  const metainfo: Metainfo = {
    ...bare,
    infoBytes,
    name: 'album',
    isAlbum: true,
    files,
    contentLength: offset,
  }
  return { metainfo, served, whole: whole.subarray(0, offset) }
}

test('a range of a single file is filled in, and nothing else asked for', async t => {
  const seen: string[] = []
  const url = await serve(t, ranges(new Map([['/clip.avi', content]]), seen))
  const into = Buffer.alloc(32_768)
  await seedAt(`${url}/clip.avi`).fetch(32_768, into, never)
  t.true(into.equals(content.subarray(32_768, 65_536)))
  t.deepEqual(seen, ['/clip.avi 32768-65535'])
})

test('a URL that ends with a slash is the folder of the file', async t => {
  const url = await serve(t, ranges(new Map([['/files/clip.avi', content]])))
  const into = Buffer.alloc(10)
  await seedAt(`${url}/files/`).fetch(99_990, into, never)
  t.true(into.equals(content.subarray(99_990)))
})

test('any stretch of any album is what the files hold, pads being zeros, also into shared memory', async t => {
  const size = fc.record({ sizeBytes: fc.nat(500), isPad: fc.boolean() })
  const served = new Map<string, Uint8Array>()
  const url = await serve(t, ranges(served))
  await fc.assert(
    fc.asyncProperty(
      fc.array(size, { minLength: 1, maxLength: 20 }),
      fc.nat(),
      fc.nat(),
      async (sizes, from, to) => {
        const made = album(sizes)
        const { length } = made.whole
        const start = from % (length + 1)
        const end = start + (to % (length - start + 1))
        served.clear()
        for (const [path, bytes] of made.served) served.set(path, bytes)
        const into = new Uint8Array(new SharedArrayBuffer(end - start)).fill(0xee)
        await seedAt(`${url}/mirror`, made.metainfo).fetch(start, into, never)
        t.deepEqual(Buffer.from(into), Buffer.from(made.whole.subarray(start, end)))
      },
    ),
    { numRuns: 50 },
  )
})

test('a small file from a server without ranges is taken whole', async t => {
  for (const length of [content.length, undefined]) {
    const url = await serve(t, (_, response) => {
      response.writeHead(200, length === undefined ? {} : { 'content-length': length }).end(content)
    })
    for (const [from, to] of [
      [0, 100_000],
      [0, 10],
      [40_000, 70_000],
      [99_999, 100_000],
    ] as const) {
      const into = Buffer.alloc(to - from)
      await seedAt(`${url}/clip.avi`).fetch(from, into, never)
      t.true(into.equals(content.subarray(from, to)))
    }
  }
})

const answers: Record<string, Handler> = {
  'status 404': (_, response) => void response.writeHead(404).end(),
  'status 500': (_, response) => void response.writeHead(500).end(),
  'another range': (_, response) =>
    void response.writeHead(206, { 'content-range': 'bytes 1-100/100000' }).end(content.subarray(1, 101)),
  'a range of a file of another size': (_, response) =>
    void response.writeHead(206, { 'content-range': 'bytes 0-99/99999' }).end(content.subarray(0, 100)),
  'a range that is not named': (_, response) => void response.writeHead(206).end(content.subarray(0, 100)),
  'more than the range': (_, response) =>
    void response.writeHead(206, { 'content-range': 'bytes 0-99/100000' }).end(content.subarray(0, 101)),
  'a whole file of another size': (_, response) => void response.writeHead(200).end(Buffer.alloc(50)),
  'a whole file that never ends': (_, response) => {
    response.writeHead(200)
    const more = () => {
      while (response.write(content));
    }
    response.on('drain', more)
    more()
  },
  'a compressed answer': (_, response) =>
    void response
      .writeHead(206, { 'content-range': 'bytes 0-99/100000', 'content-encoding': 'gzip' })
      .end(content.subarray(0, 100)),
}

for (const [what, handler] of Object.entries(answers)) {
  test(`${what} is refused, and said to be the server's answer`, async t => {
    const url = await serve(t, handler)
    // The last byte too, so that a whole file is read to its end.
    const range = what.includes('never ends') ? content.length : 100
    const fetched = seedAt(`${url}/clip.avi`).fetch(0, Buffer.alloc(range), never)
    const error = await t.throwsAsync(fetched, { code: 'ERR_FETCH_FAILED' })
    t.true(error?.cause instanceof HttpAnswerError)
  })
}

test('an answer that ends early is refused', async t => {
  const url = await serve(t, (_, response) => {
    response.writeHead(206, { 'content-range': 'bytes 0-99/100000' }).end(content.subarray(0, 99))
  })
  await t.throwsAsync(seedAt(`${url}/clip.avi`).fetch(0, Buffer.alloc(100), never), {
    code: 'ERR_FETCH_FAILED',
  })
})

test('a large file from a server without ranges is not taken', async t => {
  const metainfo = { ...bare, files: [{ ...bare.files[0]!, sizeBytes: 5_000_000 }], contentLength: 5_000_000 }
  const url = await serve(t, (_, response) => void response.writeHead(200).end(Buffer.alloc(5_000_000)))
  const fetched = seedAt(`${url}/clip.avi`, metainfo).fetch(0, Buffer.alloc(100), never)
  await t.throwsAsync(fetched, { code: 'ERR_FETCH_FAILED', message: /ranges/ })
})

test('a redirect is followed, but not to a private address where that is not trusted', async t => {
  const url = await serve(t, ranges(new Map([['/clip.avi', content]])))
  const way = await serve(
    t,
    (_, response) => void response.writeHead(302, { location: `${url}/clip.avi` }).end(),
  )
  const into = Buffer.alloc(100)
  await seedAt(`${way}/clip.avi`).fetch(0, into, never)
  t.true(into.equals(content.subarray(0, 100)))
  const fetched = seedAt(`${url}/clip.avi`, bare, 'public').fetch(0, into, never)
  await t.throwsAsync(fetched, { code: 'ERR_ADDRESS_NOT_ALLOWED' })
})

test('a redirect without end is given up', async t => {
  const url = await serve(t, (_, response) => void response.writeHead(302, { location: '/again' }).end())
  const fetched = seedAt(`${url}/clip.avi`).fetch(0, Buffer.alloc(100), never)
  await t.throwsAsync(fetched, { code: 'ERR_FETCH_FAILED', message: /redirects/ })
})

test('aborting ends a fetch with the reason, and nothing is written any more', async t => {
  const asked = Promise.withResolvers<ServerResponse>()
  const url = await serve(t, (_, response) => {
    response.writeHead(206, { 'content-range': 'bytes 0-99/100000' }).write(content.subarray(0, 50))
    asked.resolve(response)
  })
  const stop = new AbortController()
  const into = Buffer.alloc(100)
  const fetched = seedAt(`${url}/clip.avi`).fetch(0, into, stop.signal)
  const response = await asked.promise
  const reason = new Error('enough')
  stop.abort(reason)
  t.is(await t.throwsAsync(fetched), reason)
  const before = Buffer.from(into)
  response.end(content.subarray(50, 100))
  await once(response, 'close')
  t.true(into.equals(before))
  await t.throwsAsync(seedAt(`${url}/clip.avi`).fetch(0, into, stop.signal), { is: reason })
})

test('a file that fails ends the whole fetch, and no further file is asked for', async t => {
  const made = album(Array.from({ length: 200 }, () => ({ sizeBytes: 10, isPad: false })))
  const seen: string[] = []
  const url = await serve(t, ranges(new Map(), seen))
  const fetched = seedAt(`${url}/mirror/`, made.metainfo).fetch(0, Buffer.alloc(2_000), never)
  await t.throwsAsync(fetched, { code: 'ERR_FETCH_FAILED' })
  t.true(seen.length <= 4)
})

test('requests one after another use one connection', async t => {
  const connections = new Set<unknown>()
  const answer = ranges(new Map([['/clip.avi', content]]))
  const url = await serve(t, (request, response) => {
    connections.add(request.socket)
    answer(request, response)
  })
  for (let piece = 0; piece < 3; piece++)
    await seedAt(`${url}/clip.avi`).fetch(piece * 32_768, Buffer.alloc(32_768), never)
  t.is(connections.size, 1)
})
