import type { MiddlewareHandler } from 'hono'
import { HttpError } from './http-error.ts'

/** Refuses a longer body: by what it says of its length, else as soon as more than that has come. */
export function bodyLimit(maxBytes: number): MiddlewareHandler {
  return async (context, next) => {
    const { raw } = context.req
    if (raw.body) {
      const length = raw.headers.get('content-length')
      const isTold = length !== null && !raw.headers.has('transfer-encoding')
      if (isTold && Number(length) > maxBytes) throw tooLarge(maxBytes)
      if (!isTold) {
        const body = await readAtMost(raw.body, maxBytes)
        context.req.raw = new Request(raw.url, { method: raw.method, headers: raw.headers, body })
      }
    }
    await next()
  }
}

async function readAtMost(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

function tooLarge(maxBytes: number): HttpError {
  return new HttpError(
    413,
    `At most ${Math.floor(maxBytes / 1_000).toLocaleString('en')} kB can be sent here.`,
  )
}
