import { STATUS_CODES } from 'node:http'
import type { HttpError } from './http-error.ts'

/**
 * An answer for programs (RFC 9457).
 *
 * @param code stable across releases, such as `ERR_RATE_LIMITED`
 * @param detail a sentence for a person
 * @param members what there is to tell beside it, by names of our own
 */
export function problem(
  status: number,
  code: string | undefined,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
  members: Readonly<Record<string, unknown>> = {},
): Response {
  const title = STATUS_CODES[status] ?? 'Error'
  const body = JSON.stringify({
    type: 'about:blank',
    title,
    status,
    detail,
    ...(code ? { code } : {}),
    ...members,
  })
  return new Response(`${body}\n`, {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  })
}

export function problemOf({ status, detail, headers }: HttpError, code?: string): Response {
  return problem(status, code, detail, headers)
}

/** Whether who asks wants a page to look at rather than a problem document. */
export function prefersHtml(accept: string | undefined): boolean {
  return accept?.includes('text/html') ?? false
}
