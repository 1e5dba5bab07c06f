import { createHash } from 'node:crypto'
import { baseStyle } from './base-style.ts'
import { detailStyle } from './detail-style.ts'
import { formStyle } from './form-style.ts'
import { listingsStyle } from './listings-style.ts'
import { script } from './script.ts'

/** A file that pages link to. Its path names its content, so that it may be kept for ever. */
export interface Asset {
  readonly path: string
  readonly contentType: string
  readonly body: string
}

const mark = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#16917f" stroke-width="2.4" stroke-linecap="round"><path d="M7.5 8.5 11 16M16.5 8.5 13 16M8.5 6.5h7"/><circle cx="6" cy="6" r="2.6" fill="#16917f"/><circle cx="18" cy="6" r="2.6" fill="#16917f"/><circle cx="12" cy="18" r="2.6" fill="#16917f"/></svg>`

export const stylesheet = asset(
  'site',
  'css',
  'text/css',
  baseStyle + listingsStyle + detailStyle + formStyle,
)
export const copyScript = asset('copy', 'js', 'text/javascript', script)
export const favicon = asset('mark', 'svg', 'image/svg+xml', mark)

export const assets: readonly Asset[] = [stylesheet, copyScript, favicon]

function asset(name: string, extension: string, type: string, body: string): Asset {
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 12)
  return Object.freeze({
    path: `/assets/${name}.${digest}.${extension}`,
    contentType: `${type}; charset=utf-8`,
    body,
  })
}
