import { createHash } from 'node:crypto'
import type { Context } from 'hono'

export interface DocumentOptions {
  /** With its charset where it is text. */
  readonly contentType: string
  readonly lastModified?: Date | undefined
  /** How long it may be kept without asking. @default 0, which is to ask each time */
  readonly maxAgeSeconds?: number | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** Answers with a document, or 304 where the client says that it has the same (RFC 9110 section 13). */
export function conditional(
  { req }: Pick<Context, 'req'>,
  body: string | Uint8Array,
  { contentType, lastModified, maxAgeSeconds = 0, headers = {} }: DocumentOptions,
): Response {
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  const all = {
    ...headers,
    etag: tag,
    'cache-control': maxAgeSeconds > 0 ? `public, max-age=${maxAgeSeconds}` : 'no-cache',
    ...(lastModified && { 'last-modified': lastModified.toUTCString() }),
  }
  const isKnown = isSame(req.header('if-none-match'), tag) ?? isNoOlder(req, lastModified)
  if (isKnown) return new Response(null, { status: 304, headers: all })
  const bytes = typeof body === 'string' ? body : new Uint8Array(body)
  return new Response(bytes, { headers: { ...all, 'content-type': contentType } })
}

/** Compared weakly, for compression on the way may have made a strong tag a weak one. */
function isSame(condition: string | undefined, tag: string): boolean | undefined {
  return condition
    ?.split(',')
    .map(one => one.trim().replace(/^W\//, ''))
    .some(one => one === '*' || one === tag)
}

function isNoOlder(req: Context['req'], lastModified: Date | undefined): boolean {
  const since = Date.parse(req.header('if-modified-since') ?? '')
  return lastModified !== undefined && Math.floor(lastModified.getTime() / 1_000) * 1_000 <= since
}
