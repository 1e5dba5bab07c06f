import { finished } from 'node:stream'
import type { HttpBindings } from '@hono/node-server'
import { type ByteRange, readByteRange } from './byte-range.ts'
import { HttpError } from './http-error.ts'

/** Where the bytes of an answer come from. */
export interface ByteSource {
  /** Fills `into` with what follows from `position` on, as far as it is there. Resolves to how many bytes: 0 at the end. */
  read(position: number, into: Uint8Array): Promise<number>
  close(): void
}

/** Something that can be asked for as a whole or a range of. */
export interface SentContent {
  readonly sizeBytes: number
  readonly type: string
  /** With its quotes; changes with the bytes. */
  readonly etag: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Called where bytes are to be sent; the signal aborts when the client has gone. */
  open(range: ByteRange, signal: AbortSignal): Promise<ByteSource>
}

const chunkBytes = 1024 * 1024

/**
 * Answers GET and HEAD with content, whole or a range of it (RFC 9110): preconditions, `If-Range`, 206, 304, 412, 416. While
 * one part is on its way to the client the next is read, into two buffers that are used again and again.
 *
 * @returns once all is sent or the client has gone
 * @throws {HttpError} 405; what `open` and the first `read` throw; a source that fails later cuts the connection
 */
export async function sendContent(
  { incoming, outgoing }: HttpBindings,
  content: SentContent,
): Promise<Response> {
  const { method, headers } = incoming
  if (method !== 'GET' && method !== 'HEAD') {
    throw new HttpError(405, 'This can only be read.', { allow: 'GET, HEAD' })
  }
  const { sizeBytes, etag } = content
  const common = { ...content.headers, etag, 'accept-ranges': 'bytes' }
  const condition = failedCondition(headers, etag)
  if (condition) return new Response(null, { status: condition, headers: common })
  const mayCut = method === 'GET' && (headers['if-range'] === undefined || headers['if-range'] === etag)
  const range = mayCut ? readByteRange(headers.range, sizeBytes) : 'whole'
  if (range === 'unsatisfiable') {
    return new Response(null, {
      status: 416,
      headers: { ...common, 'content-range': `bytes */${sizeBytes}` },
    })
  }
  const { start, end } = range === 'whole' ? { start: 0, end: sizeBytes } : range
  const described = { ...common, 'content-type': content.type, 'content-length': String(end - start) }
  const isPart = range !== 'whole'
  const head = isPart
    ? { ...described, 'content-range': `bytes ${start}-${end - 1}/${sizeBytes}` }
    : described
  const writeHead = () => outgoing.writeHead(isPart ? 206 : 200, head)
  const gone = new AbortController()
  const unwatch = finished(outgoing, () => gone.abort())
  try {
    if (method === 'HEAD' || start === end) writeHead()
    else {
      const source = await content.open({ start, end }, gone.signal)
      await pump(source, start, end, { outgoing, gone: gone.signal, writeHead })
    }
    outgoing.end()
  } catch (error) {
    if (!outgoing.headersSent && !gone.signal.aborted) throw error
    outgoing.destroy()
  } finally {
    unwatch()
  }
  const { RESPONSE_ALREADY_SENT } = await import('@hono/node-server/utils/response')
  return RESPONSE_ALREADY_SENT
}

async function pump(
  source: ByteSource,
  start: number,
  end: number,
  {
    outgoing,
    gone,
    writeHead,
  }: { outgoing: HttpBindings['outgoing']; gone: AbortSignal; writeHead: () => void },
): Promise<void> {
  const bufferBytes = Math.min(chunkBytes, end - start)
  const buffers: Buffer[] = []
  let sending: Promise<void> | undefined
  try {
    for (let at = start, turn = 0; at < end; turn ^= 1) {
      buffers[turn] ??= Buffer.allocUnsafeSlow(bufferBytes)
      const length = await source.read(at, buffers[turn]!.subarray(0, Math.min(bufferBytes, end - at)))
      await sending
      gone.throwIfAborted()
      if (length === 0) throw new RangeError(`The content ends at ${at} of ${end}`)
      if (at === start) writeHead()
      sending = send(outgoing, buffers[turn]!.subarray(0, length), gone)
      at += length
    }
    await sending
  } finally {
    source.close()
  }
}

/** Resolves when the system has taken the bytes, or nobody is there for them any more. */
function send(outgoing: HttpBindings['outgoing'], bytes: Uint8Array, gone: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const done = () => {
    gone.removeEventListener('abort', done)
    resolve()
  }
  gone.addEventListener('abort', done)
  outgoing.write(bytes, done)
  return promise
}

/** RFC 9110, 13.2.2. */
function failedCondition(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  etag: string,
): 304 | 412 | undefined {
  const [match, noneMatch] = [headers['if-match'], headers['if-none-match']]
  if (match !== undefined && !names(String(match), etag)) return 412
  return noneMatch !== undefined && names(String(noneMatch).replaceAll('W/', ''), etag) ? 304 : undefined
}

function names(list: string, etag: string): boolean {
  return list.split(',').some(item => item.trim() === '*' || item.trim() === etag)
}
